using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>Short loops over rows.</summary>
internal static unsafe class Rows
{
    /// <summary>target = fma(weights[j], source row j, target) for j ascending in [from, to).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMultiples<L, V>(
        float* weights, float* source, long sourceRow, int from, int to, float* target, int count)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width, c = 0;
        for (; c <= count - (4 * w); c += 4 * w)
        {
            float* y = target + c, x = source + (from * sourceRow) + c;
            V s0 = L.Load(y), s1 = L.Load(y + w), s2 = L.Load(y + (2 * w)), s3 = L.Load(y + (3 * w));
            for (int j = from; j < to; j++, x += sourceRow)
            {
                V weight = L.Broadcast(weights[j]);
                s0 = L.Fma(weight, L.Load(x), s0);
                s1 = L.Fma(weight, L.Load(x + w), s1);
                s2 = L.Fma(weight, L.Load(x + (2 * w)), s2);
                s3 = L.Fma(weight, L.Load(x + (3 * w)), s3);
            }

            L.Store(y, s0);
            L.Store(y + w, s1);
            L.Store(y + (2 * w), s2);
            L.Store(y + (3 * w), s3);
        }

        for (; c <= count - w; c += w)
            Column<L, V>(weights, source + c, sourceRow, from, to, target + c);
        for (; c < count; c++)
            Column<Lanes1, float>(weights, source + c, sourceRow, from, to, target + c);
    }

    /// <summary>True where no element is NaN or infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Finite<L, V>(float* x, long count)
        where L : struct, ILanes<V>
        where V : struct
    {
        V zero = L.Broadcast(0f), sum = zero;
        long i = 0;
        for (; i <= count - L.Width; i += L.Width)
            sum = L.Add(sum, L.Multiply(L.Load(x + i), zero));
        float* lanes = stackalloc float[L.Width];
        L.Store(lanes, sum);
        float rest = 0f;
        for (int lane = 0; lane < L.Width; lane++)
            rest += lanes[lane];
        for (; i < count; i++)
            rest += x[i] * 0f;
        return rest == 0f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<L, V>(float* weights, float* source, long sourceRow, int from, int to, float* target)
        where L : struct, ILanes<V>
        where V : struct
    {
        V sum = L.Load(target);
        for (int j = from; j < to; j++)
            sum = L.Fma(L.Broadcast(weights[j]), L.Load(source + (j * sourceRow)), sum);
        L.Store(target, sum);
    }
}
