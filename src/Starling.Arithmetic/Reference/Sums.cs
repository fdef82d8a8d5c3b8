namespace Starling.Arithmetic.Reference;

/// <summary>The sums of arithmetic version 1: the k-chain and the 32-lane row reduction.</summary>
internal static unsafe class Sums
{
    public const int BlockLength = 256;
    public const int LaneCount = 32;

    /// <summary>
    /// Sum of a[i * aStride] * b[i * bStride] by chain: per block of 256, acc = +0, ascending, acc = fma(a, b, acc);
    /// the first block's acc is the total, later ones are added to it in order.
    /// </summary>
    public static float Chain(float* a, long aStride, float* b, long bStride, int count)
    {
        float total = 0f;
        for (int start = 0; start < count; start += BlockLength)
        {
            float acc = 0f;
            int end = Math.Min(count, start + BlockLength);
            for (int i = start; i < end; i++)
                acc = MathF.FusedMultiplyAdd(a[i * aStride], b[i * bStride], acc);
            total = start == 0 ? acc : total + acc;
        }

        return total;
    }

    /// <summary>Sum by lanes: lane i mod 32 += a[i], ascending, lanes start at +0; then the halving tree.</summary>
    public static float Lanes(ReadOnlySpan<float> a)
    {
        Span<float> lanes = stackalloc float[LaneCount];
        lanes.Clear();
        for (int i = 0; i < a.Length; i++)
            lanes[i % LaneCount] += a[i];
        return Tree(lanes);
    }

    /// <summary>Sum of a[i] * b[i] by lanes: lane = fma(a, b, lane).</summary>
    public static float LanesDot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Span<float> lanes = stackalloc float[LaneCount];
        lanes.Clear();
        for (int i = 0; i < a.Length; i++)
            lanes[i % LaneCount] = MathF.FusedMultiplyAdd(a[i], b[i], lanes[i % LaneCount]);
        return Tree(lanes);
    }

    /// <summary>Sum by lanes within each block of 256, block sums added in ascending order.</summary>
    public static float BlockedLanes(ReadOnlySpan<float> a)
    {
        float total = Lanes(a[..Math.Min(a.Length, BlockLength)]);
        for (int start = BlockLength; start < a.Length; start += BlockLength)
            total += Lanes(a.Slice(start, Math.Min(BlockLength, a.Length - start)));
        return total;
    }

    /// <summary>
    /// Maximum by lanes starting at -inf. A candidate replaces the lane only where it is greater, so NaN is passed
    /// over (it spoils the sum that follows instead) and of +0 and -0 the one met first stays.
    /// </summary>
    public static float LanesMax(ReadOnlySpan<float> a)
    {
        Span<float> lanes = stackalloc float[LaneCount];
        lanes.Fill(float.NegativeInfinity);
        for (int i = 0; i < a.Length; i++)
            lanes[i % LaneCount] = Greater(lanes[i % LaneCount], a[i]);
        for (int half = LaneCount / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                lanes[i] = Greater(lanes[i], lanes[i + half]);
        return lanes[0];
    }

    private static float Greater(float current, float candidate) => candidate > current ? candidate : current;

    private static float Tree(Span<float> lanes)
    {
        for (int half = LaneCount / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                lanes[i] += lanes[i + half];
        return lanes[0];
    }
}
