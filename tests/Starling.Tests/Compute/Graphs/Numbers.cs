using Starling.Arithmetic;
using Starling.Arithmetic.Random;

namespace Starling.Tests.Compute.Graphs;

/// <summary>Numbers for tests, addressed by a seed that failures print.</summary>
internal static class Numbers
{
    public static float[] Normal(Shape shape, ulong seed, uint tensor, float scale = 1)
    {
        Philox random = new(seed, Purpose: 1000, tensor);
        var values = new float[shape.Elements];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.Normal((ulong)i) * scale;
        return values;
    }

    public static float[] Below(int count, int bound, ulong seed)
    {
        Philox random = new(seed, Purpose: 1001, Step: 0);
        var values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.Below((ulong)i, (uint)bound);
        return values;
    }

    public static float[] Positions(int sequences, int length) =>
        [.. Enumerable.Range(0, sequences * length).Select(row => (float)(row % length))];

    public static int[] Bits(ReadOnlySpan<float> values)
    {
        var bits = new int[values.Length];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = BitConverter.SingleToInt32Bits(values[i]);
        return bits;
    }
}
