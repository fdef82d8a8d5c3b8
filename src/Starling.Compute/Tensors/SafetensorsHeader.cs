using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Starling.Arithmetic;

namespace Starling.Compute.Tensors;

/// <summary>One tensor of a safetensors file; offsets count from the first byte after the header.</summary>
internal sealed record SafetensorsEntry(string Name, Shape Shape, long Begin, long End);

/// <summary>
/// The header of a safetensors file. It is hostile input: its size is bounded, names are unique, offsets cover the
/// data exactly, in order of their beginning, and agree with the shapes.
/// </summary>
internal static class SafetensorsHeader
{
    public const int LengthBytes = 8;
    private const int MaxHeaderBytes = 16 << 20;
    private const int MaxTensors = 1 << 16;

    public static TensorProblem? Read(
        ReadOnlySpan<byte> file, out IReadOnlyList<SafetensorsEntry> entries, out int dataStart)
    {
        (entries, dataStart) = ([], 0);
        if (file.Length < LengthBytes)
            return Problem(TensorProblemCode.Truncated, "The file ends before its header's length.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > MaxHeaderBytes)
            return Problem(
                TensorProblemCode.TooLarge, $"The header claims {length} bytes; at most {MaxHeaderBytes} are read.");
        if ((long)length > file.Length - LengthBytes)
            return Problem(TensorProblemCode.Truncated, "The file ends within its header.");
        dataStart = LengthBytes + (int)length;
        List<SafetensorsEntry> found = [];
        TensorProblem? problem = ReadEntries(file.Slice(LengthBytes, (int)length), found);
        found.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        problem ??= CheckCover(found, file.Length - dataStart);
        entries = found;
        return problem;
    }

    private static TensorProblem? ReadEntries(ReadOnlySpan<byte> header, List<SafetensorsEntry> entries)
    {
        try
        {
            Utf8JsonReader reader = new(header, new JsonReaderOptions { MaxDepth = 8 });
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object || header[0] != (byte)'{'
                || header[(int)reader.BytesConsumed..].ContainsAnyExcept((byte)' '))
                return BadHeader("is not one JSON object");
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    return Problem(TensorProblemCode.DuplicateName, "occurs twice", property.Name);
                if (names.Count > MaxTensors)
                    return Problem(TensorProblemCode.TooLarge, $"The file holds more than {MaxTensors} tensors.");
                if (property.Name == "__metadata__")
                    continue;
                if (ReadEntry(property.Name, property.Value, out SafetensorsEntry? entry) is { } problem)
                    return problem;
                entries.Add(entry!);
            }

            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return BadHeader("is not valid JSON");
        }
    }

    private static TensorProblem? ReadEntry(string name, JsonElement json, out SafetensorsEntry? entry)
    {
        entry = null;
        if (json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("dtype", out JsonElement type) || type.ValueKind != JsonValueKind.String
            || !json.TryGetProperty("shape", out JsonElement dimensions) || dimensions.ValueKind != JsonValueKind.Array
            || !json.TryGetProperty("data_offsets", out JsonElement offsets)
            || offsets.ValueKind != JsonValueKind.Array)
            return Problem(TensorProblemCode.BadHeader, "lacks dtype, shape or data_offsets", name);
        if (type.GetString() != "F32")
            return Problem(TensorProblemCode.UnsupportedType, $"is {type.GetString()}; only F32 is read", name);
        if (ReadShape(dimensions) is not { } shape)
            return Problem(TensorProblemCode.BadShape, "is no vector or matrix of a readable size", name);
        if (offsets.GetArrayLength() != 2 || !TryLong(offsets[0], out long begin) || !TryLong(offsets[1], out long end)
            || begin > end || end - begin != shape.Elements * sizeof(float))
            return Problem(TensorProblemCode.BadOffsets, $"has offsets that do not fit its shape {shape}", name);
        entry = new SafetensorsEntry(name, shape, begin, end);
        return null;
    }

    private static Shape? ReadShape(JsonElement dimensions)
    {
        if (dimensions.GetArrayLength() > 2)
            return null;
        Span<int> sizes = [1, 1];
        int at = 2 - dimensions.GetArrayLength();
        foreach (JsonElement dimension in dimensions.EnumerateArray())
            if (!TryLong(dimension, out long size) || size is 0 or > int.MaxValue)
                return null;
            else
                sizes[at++] = (int)size;
        Shape shape = new(sizes[0], sizes[1]);
        return shape.Elements <= int.MaxValue ? shape : null;
    }

    private static bool TryLong(JsonElement json, out long value)
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out value) && value >= 0;
    }

    private static TensorProblem? CheckCover(List<SafetensorsEntry> entries, long dataBytes)
    {
        long at = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != at)
                return Problem(
                    TensorProblemCode.BadOffsets,
                    entry.Begin < at ? "overlaps another tensor" : "leaves a gap before it",
                    entry.Name);
            at = entry.End;
        }

        return at == dataBytes ? null : Problem(
            at > dataBytes ? TensorProblemCode.Truncated : TensorProblemCode.TooLarge,
            $"The tensors take {at} bytes; the file holds {dataBytes}.");
    }

    private static TensorProblem BadHeader(string what) =>
        Problem(TensorProblemCode.BadHeader, $"The header {what}.");

    private static TensorProblem Problem(TensorProblemCode code, string message) => new(code, null, message);

    private static TensorProblem Problem(TensorProblemCode code, string what, string tensor) =>
        new(code, tensor, $"'{tensor}' {what}.");
}
