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
            return new TensorProblem(TensorProblemCode.Truncated, null, "The file ends before its header's length.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > MaxHeaderBytes)
            return new TensorProblem(TensorProblemCode.TooLarge, null, $"The header claims {length} bytes; at most {MaxHeaderBytes} are read.");
        if ((long)length > file.Length - LengthBytes)
            return new TensorProblem(TensorProblemCode.Truncated, null, "The file ends within its header.");
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
            if (document.RootElement.ValueKind != JsonValueKind.Object || header[0] != (byte)'{' || !OnlySpaces(header[(int)reader.BytesConsumed..]))
                return BadHeader("is not one JSON object");
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    return new TensorProblem(TensorProblemCode.DuplicateName, property.Name, $"'{property.Name}' occurs twice.");
                if (names.Count > MaxTensors)
                    return new TensorProblem(TensorProblemCode.TooLarge, null, $"The file holds more than {MaxTensors} tensors.");
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
            || !json.TryGetProperty("data_offsets", out JsonElement offsets) || offsets.ValueKind != JsonValueKind.Array)
            return new TensorProblem(TensorProblemCode.BadHeader, name, $"'{name}' lacks dtype, shape or data_offsets.");
        if (type.GetString() != "F32")
            return new TensorProblem(TensorProblemCode.UnsupportedType, name, $"'{name}' is {type.GetString()}; only F32 is read.");
        if (ReadShape(dimensions) is not { } shape)
            return new TensorProblem(TensorProblemCode.BadShape, name, $"'{name}' is neither a scalar, a vector nor a matrix of a readable size.");
        if (offsets.GetArrayLength() != 2 || !TryLong(offsets[0], out long begin) || !TryLong(offsets[1], out long end)
            || begin > end || end - begin != shape.Elements * sizeof(float))
            return new TensorProblem(TensorProblemCode.BadOffsets, name, $"The offsets of '{name}' do not fit its shape {shape}.");
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
                return new TensorProblem(TensorProblemCode.BadOffsets, entry.Name, $"'{entry.Name}' {(entry.Begin < at ? "overlaps another tensor" : "leaves a gap before it")}.");
            at = entry.End;
        }

        return at == dataBytes ? null : new TensorProblem(
            at > dataBytes ? TensorProblemCode.Truncated : TensorProblemCode.TooLarge, null,
            $"The tensors take {at} bytes; the file holds {dataBytes}.");
    }

    private static bool OnlySpaces(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)' ');

    private static TensorProblem BadHeader(string what) =>
        new(TensorProblemCode.BadHeader, null, $"The header {what}.");
}
