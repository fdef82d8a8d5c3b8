using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Starling.Compute.Tensors;

/// <summary>fp32 values to and from little-endian bytes on any host.</summary>
internal static class LittleEndian
{
    public static void Write(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
        else
            BinaryPrimitives.ReverseEndianness(
                MemoryMarshal.Cast<float, uint>(values), MemoryMarshal.Cast<byte, uint>(bytes));
    }

    public static void Read(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (BitConverter.IsLittleEndian)
            bytes.CopyTo(MemoryMarshal.AsBytes(values));
        else
            BinaryPrimitives.ReverseEndianness(
                MemoryMarshal.Cast<byte, uint>(bytes), MemoryMarshal.Cast<float, uint>(values));
    }
}
