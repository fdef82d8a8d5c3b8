using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Starling.Compute.Tensors;

/// <summary>
/// Makes the head of a safetensors file of fp32 tensors. Equal tensors give equal bytes: the order given, no spaces,
/// header padded to 8 bytes.
/// </summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Everything before the numbers: the header's length and the header.</summary>
    public static byte[] Head(IEnumerable<(string Name, long[] Dimensions)> tensors)
    {
        ArrayBufferWriter<byte> buffer = new();
        buffer.GetSpan(SafetensorsHeader.LengthBytes)[..SafetensorsHeader.LengthBytes].Clear();
        buffer.Advance(SafetensorsHeader.LengthBytes);
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(SafetensorsHeader.Metadata);
            writer.WriteString("format", "pt");
            writer.WriteEndObject();
            long offset = 0;
            foreach ((string name, long[] dimensions) in tensors)
                WriteEntry(writer, name, dimensions, ref offset);
            writer.WriteEndObject();
        }

        int padding = (Alignment - (buffer.WrittenCount % Alignment)) % Alignment;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        byte[] head = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)(head.Length - SafetensorsHeader.LengthBytes));
        return head;
    }

    private static void WriteEntry(Utf8JsonWriter writer, string name, long[] dimensions, ref long offset)
    {
        long bytes = sizeof(float);
        writer.WriteStartObject(name);
        writer.WriteString("dtype", SafetensorsType.Float32);
        writer.WriteStartArray("shape");
        foreach (long size in dimensions)
        {
            writer.WriteNumberValue(size);
            bytes = checked(bytes * size);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(offset);
        writer.WriteNumberValue(offset += bytes);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
