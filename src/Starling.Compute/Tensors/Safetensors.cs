using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Starling.Arithmetic;

namespace Starling.Compute.Tensors;

/// <summary>
/// Reads and writes safetensors files of fp32 tensors. Vectors are one row here and have one dimension in the file, as
/// other tools expect. Equal tensors give equal bytes: the layout's order, no spaces, padded header.
/// </summary>
public static class Safetensors
{
    private const int Alignment = 8;

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(TensorMemory memory)
    {
        byte[] header = Header(memory.Layout, out long dataBytes);
        var file = new byte[checked(SafetensorsHeader.LengthBytes + header.Length + dataBytes)];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, SafetensorsHeader.LengthBytes);
        int at = SafetensorsHeader.LengthBytes + header.Length;
        foreach (TensorView tensor in memory.Tensors)
        {
            LittleEndian.Write(tensor.Span, file.AsSpan(at, tensor.Span.Length * sizeof(float)));
            at += tensor.Span.Length * sizeof(float);
        }

        return file;
    }

    /// <summary>
    /// Fills the memory from a file that holds exactly its tensors, by name; on a problem the memory must be dropped.
    /// </summary>
    public static TensorProblem? Read(ReadOnlySpan<byte> file, TensorMemory memory)
    {
        if (SafetensorsHeader.Read(file, out IReadOnlyList<SafetensorsEntry> entries, out int dataStart) is { } problem)
            return problem;
        foreach (SafetensorsEntry entry in entries)
            if (Check(entry, memory.Layout) is { } mismatch)
                return mismatch;
        foreach (TensorEntry expected in memory.Layout.Entries)
            if (!entries.Any(entry => entry.Name == expected.Name))
                return Problem(TensorProblemCode.Missing, expected.Name, "is missing");
        foreach (SafetensorsEntry entry in entries)
        {
            Span<float> target = memory[entry.Name].Span;
            int start = checked((int)(dataStart + entry.Begin));
            LittleEndian.Read(file.Slice(start, (int)(entry.End - entry.Begin)), target);
            if (!FiniteCheck.AllFinite(target))
                return Problem(TensorProblemCode.NotFinite, entry.Name, "holds NaN or infinity");
        }

        return null;
    }

    private static TensorProblem? Check(SafetensorsEntry entry, TensorLayout layout)
    {
        int index = layout.IndexOf(entry.Name);
        if (index < 0)
            return Problem(TensorProblemCode.Unexpected, entry.Name, "does not belong to the model");
        Shape expected = layout.Entries[index].Shape;
        return entry.Shape == expected
            ? null
            : Problem(TensorProblemCode.BadShape, entry.Name, $"is {entry.Shape}, the model's is {expected}");
    }

    private static TensorProblem Problem(TensorProblemCode code, string tensor, string what) =>
        new(code, tensor, $"'{tensor}' {what}.");

    private static byte[] Header(TensorLayout layout, out long dataBytes)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "pt");
            writer.WriteEndObject();
            dataBytes = 0;
            foreach (TensorEntry entry in layout.Entries)
                WriteEntry(writer, entry, ref dataBytes);
            writer.WriteEndObject();
        }

        int padding = (Alignment - (buffer.WrittenCount % Alignment)) % Alignment;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter writer, TensorEntry entry, ref long offset)
    {
        writer.WriteStartObject(entry.Name);
        writer.WriteString("dtype", "F32");
        writer.WriteStartArray("shape");
        if (entry.Shape.Rows > 1)
            writer.WriteNumberValue(entry.Shape.Rows);
        writer.WriteNumberValue(entry.Shape.Columns);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(offset);
        writer.WriteNumberValue(offset += entry.Shape.Elements * sizeof(float));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
