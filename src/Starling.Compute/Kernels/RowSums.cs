using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>One kind of 32-lane row reduction.</summary>
internal interface ILaneStep
{
    /// <summary>The lanes after taking in the elements that start at <paramref name="i"/>.</summary>
    V Take<L, V>(V lanes, long i)
        where L : struct, ILanes<V>
        where V : struct;

    /// <summary>Two lanes into one, the lower first.</summary>
    static abstract V Combine<L, V>(V low, V high)
        where L : struct, ILanes<V>
        where V : struct;

    static abstract float Start { get; }
}

/// <summary>The 32-lane row reduction at any width: 32 lanes are 2, 4 or 8 vectors; the rest of a row goes one by one.</summary>
internal static unsafe class RowSums
{
    private const int LaneCount = 32;
    private const int BlockLength = 256;

    public static float Sum<L, V>(float* a, int count)
        where L : struct, ILanes<V>
        where V : struct => Reduce<L, V, SumStep>(new(a), count);

    public static float Dot<L, V>(float* a, float* b, int count)
        where L : struct, ILanes<V>
        where V : struct => Reduce<L, V, DotStep>(new(a, b), count);

    public static float Max<L, V>(float* a, int count)
        where L : struct, ILanes<V>
        where V : struct => Reduce<L, V, MaxStep>(new(a), count);

    /// <summary>Sums by lanes within blocks of 256, block sums added in ascending order.</summary>
    public static float BlockedSum<L, V>(float* a, int count)
        where L : struct, ILanes<V>
        where V : struct
    {
        float total = Sum<L, V>(a, Math.Min(count, BlockLength));
        for (int start = BlockLength; start < count; start += BlockLength)
            total += Sum<L, V>(a + start, Math.Min(BlockLength, count - start));
        return total;
    }

    /// <summary>Any step over a row; a step may store what it computes on the way.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Reduce<L, V, S>(S step, int count)
        where L : struct, ILanes<V>
        where V : struct
        where S : struct, ILaneStep
    {
        int w = L.Width;
        V start = L.Broadcast(S.Start);
        V s0 = start, s1 = start, s2 = start, s3 = start, s4 = start, s5 = start, s6 = start, s7 = start;
        int i = 0;
        for (; i <= count - LaneCount; i += LaneCount)
        {
            s0 = step.Take<L, V>(s0, i);
            s1 = step.Take<L, V>(s1, i + w);
            if (L.Width <= 8)
            {
                s2 = step.Take<L, V>(s2, i + (2 * w));
                s3 = step.Take<L, V>(s3, i + (3 * w));
            }

            if (L.Width <= 4)
            {
                s4 = step.Take<L, V>(s4, i + (4 * w));
                s5 = step.Take<L, V>(s5, i + (5 * w));
                s6 = step.Take<L, V>(s6, i + (6 * w));
                s7 = step.Take<L, V>(s7, i + (7 * w));
            }
        }

        float* lanes = stackalloc float[LaneCount];
        if (i == count && L.Width == 8)
        {
            L.Store(lanes, S.Combine<L, V>(S.Combine<L, V>(s0, s2), S.Combine<L, V>(s1, s3)));
            return Tree<L, V, S>(lanes, 4);
        }

        L.Store(lanes, s0);
        L.Store(lanes + w, s1);
        if (L.Width <= 8)
        {
            L.Store(lanes + (2 * w), s2);
            L.Store(lanes + (3 * w), s3);
        }

        if (L.Width <= 4)
        {
            L.Store(lanes + (4 * w), s4);
            L.Store(lanes + (5 * w), s5);
            L.Store(lanes + (6 * w), s6);
            L.Store(lanes + (7 * w), s7);
        }

        for (int lane = 0; i < count; i++, lane++)
            lanes[lane] = step.Take<Lanes1, float>(lanes[lane], i);
        return Tree<L, V, S>(lanes, LaneCount / 2);
    }

    /// <summary>The halving tree from lanes i and i + half down to one; the last 8 lanes fold within registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Tree<L, V, S>(float* lanes, int half)
        where L : struct, ILanes<V>
        where V : struct
        where S : struct, ILaneStep
    {
        for (; half > 4; half /= 2)
            for (int i = 0; i < half; i += Math.Min(L.Width, 8))
                if (L.Width <= 8)
                    L.Store(lanes + i, S.Combine<L, V>(L.Load(lanes + i), L.Load(lanes + i + half)));
                else
                    Lanes256.Store(lanes + i, S.Combine<Lanes256, Vector256<float>>(
                        Lanes256.Load(lanes + i), Lanes256.Load(lanes + i + half)));

        var four = S.Combine<Lanes128, Vector128<float>>(Vector128.Load(lanes), Vector128.Load(lanes + 4));
        var two = S.Combine<Lanes128, Vector128<float>>(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3)));
        return S.Combine<Lanes1, float>(two[0], two[1]);
    }
}
