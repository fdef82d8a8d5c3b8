using System.Buffers.Binary;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Random;
using Starling.Arithmetic.Refereeing;
using Starling.Arithmetic.Soft;
using Starling.Protocol.Hashing;

namespace Starling.Arithmetic.Blueprints;

/// <summary>Chunks of numbers that follow from no operator: whole numbers as floats, and first weights.</summary>
public static class Numbers
{
    private const uint InitialPurpose = 1;

    /// <summary>A chunk whose first numbers are these whole ones.</summary>
    public static byte[] Chunk(params ReadOnlySpan<int> values)
    {
        var chunk = new byte[Blake3.ChunkSize];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(chunk.AsSpan(i * sizeof(float)), values[i]);
        return chunk;
    }

    /// <summary>A chunk whose first number has these bits.</summary>
    public static byte[] ChunkOfBits(params ReadOnlySpan<uint> bits)
    {
        var chunk = new byte[Blake3.ChunkSize];
        for (var i = 0; i < bits.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(i * sizeof(uint)), bits[i]);
        return chunk;
    }

    /// <summary>A chunk of a tensor's first weights, computed by the processor and by integers.</summary>
    /// <param name="seed">The job's seed.</param>
    /// <param name="number">The tensor's number in the model.</param>
    /// <param name="tensor">How it starts.</param>
    /// <param name="chunk">The chunk's number within it.</param>
    public static byte[] InitialChunk(ulong seed, int number, WeightTensor tensor, long chunk)
    {
        var (row, block) = tensor.Layout.At(chunk);
        var first = ((long)row * tensor.Layout.Columns) + (block * Layout.BlockColumns);
        var bytes = new byte[Blake3.ChunkSize];
        var random = new Philox(seed, InitialPurpose, (uint)number);
        var deviation = BitConverter.UInt32BitsToSingle(tensor.Deviation);
        for (var i = 0; i < tensor.Layout.Used(chunk) / sizeof(float); i++)
        {
            var value = Weight<Lanes1>(random, tensor.Start, (ulong)(first + i), deviation);
            var again = Weight<SoftLanes>(random, tensor.Start, (ulong)(first + i), deviation);
            if (BitConverter.SingleToUInt32Bits(value) != BitConverter.SingleToUInt32Bits(again))
                throw new RefereeFaultException("first weights");
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), value);
        }

        return bytes;
    }

    private static float Weight<L>(Philox random, int start, ulong index, float deviation)
        where L : struct, ILanes<float> => start == 2 ? L.Multiply(random.Normal<L>(index), deviation) : start;
}
