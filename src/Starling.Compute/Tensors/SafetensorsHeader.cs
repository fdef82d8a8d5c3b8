using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Starling.Compute.Tensors;

/// <summary>
/// The header of a safetensors file. It is hostile input: its size is bounded, names are unique, offsets cover the
/// data exactly, in order of their beginning, and agree with shapes and types.
/// </summary>
internal static class SafetensorsHeader
{
    public const int LengthBytes = 8;

    /// <summary>The member that is no tensor: text by text.</summary>
    public const string Metadata = "__metadata__";

    private const int MaxHeaderBytes = 16 << 20;
    private const int MaxTensors = 1 << 16;

    /// <summary>The entries by their place in the file, and where the data begins; or what is wrong.</summary>
    public static TensorProblem? Read(IByteSource file, out IReadOnlyList<SafetensorsEntry> entries, out long dataStart)
    {
        (entries, dataStart) = ([], 0);
        if (file.Length < LengthBytes)
            return Problem(TensorProblemCode.Truncated, "The file ends before its header's length.");
        Span<byte> prefix = stackalloc byte[LengthBytes];
        file.Read(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes)
            return Problem(
                TensorProblemCode.TooLarge, $"The header claims {length} bytes; at most {MaxHeaderBytes} are read.");
        if ((long)length > file.Length - LengthBytes)
            return Problem(TensorProblemCode.Truncated, "The file ends within its header.");
        var header = new byte[length];
        file.Read(LengthBytes, header);
        dataStart = LengthBytes + (long)length;
        List<SafetensorsEntry> found = [];
        TensorProblem? problem = ReadEntries(header, found);
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
                    return TensorProblem.Of(TensorProblemCode.DuplicateName, property.Name, "occurs twice");
                if (names.Count > MaxTensors)
                    return Problem(TensorProblemCode.TooLarge, $"The file holds more than {MaxTensors} tensors.");
                if (property.Name == Metadata)
                    continue;
                if (SafetensorsEntry.Read(property.Name, property.Value, out SafetensorsEntry? entry) is { } problem)
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

    private static TensorProblem? CheckCover(List<SafetensorsEntry> entries, long dataBytes)
    {
        long at = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != at)
                return TensorProblem.Of(
                    TensorProblemCode.BadOffsets, entry.Name,
                    entry.Begin < at ? "overlaps another tensor" : "leaves a gap before it");
            at = entry.End;
        }

        return at == dataBytes ? null : Problem(
            at > dataBytes ? TensorProblemCode.Truncated : TensorProblemCode.TooLarge,
            $"The tensors take {at} bytes; the file holds {dataBytes}.");
    }

    private static TensorProblem BadHeader(string what) =>
        Problem(TensorProblemCode.BadHeader, $"The header {what}.");

    private static TensorProblem Problem(TensorProblemCode code, string message) => new(code, null, message);
}
