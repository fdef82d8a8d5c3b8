using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Starling.Compute.Tensors;

/// <summary>A safetensors file whose header has been checked; its tensors are read as fp32, which is exact.</summary>
internal sealed class SafetensorsFile
{
    private readonly IByteSource source;
    private readonly long dataStart;

    private SafetensorsFile(IByteSource source, IReadOnlyList<SafetensorsEntry> entries, long dataStart)
    {
        this.source = source;
        this.dataStart = dataStart;
        Entries = entries;
    }

    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Checks the header; the source must stay open while the file is read.</summary>
    public static TensorProblem? Open(IByteSource source, out SafetensorsFile? file)
    {
        TensorProblem? problem = SafetensorsHeader.Read(
            source, out IReadOnlyList<SafetensorsEntry> entries, out long dataStart);
        file = problem is null ? new SafetensorsFile(source, entries, dataStart) : null;
        return problem;
    }

    /// <summary>Reads consecutive elements of a tensor of a readable type.</summary>
    public void Read(SafetensorsEntry entry, long first, Span<float> values)
    {
        int bytes = SafetensorsType.BytesOf(entry.Type);
        Span<byte> all = MemoryMarshal.AsBytes(values);
        Span<byte> raw = all[(all.Length - (values.Length * bytes))..];
        source.Read(dataStart + entry.Begin + (first * bytes), raw);
        if (entry.Type == SafetensorsType.Float32)
            LittleEndian.Read(raw, values);
        else if (entry.Type == SafetensorsType.BrainFloat16)
            for (int i = 0; i < values.Length; i++)
                values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(raw[(2 * i)..]) << 16);
        else
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(raw[(2 * i)..]);
    }
}
