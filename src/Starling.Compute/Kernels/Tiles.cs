using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>What a tile does with its block sums: the first block sets the output, later ones add, the last one cleans.</summary>
[Flags]
internal enum Ending
{
    None = 0,

    /// <summary>No earlier block: the sum is stored, not added.</summary>
    First = 1,

    /// <summary>No later block: NaN is made canonical.</summary>
    Last = 2,
}

/// <summary>
/// Register tiles of the product: rows of A with stride <c>aRow</c> and contiguous k, a packed panel of B (k x 2 vectors),
/// one block of at most 256 k. Each accumulator is one output's chain, so the tile's shape never shows in the bits.
/// </summary>
internal static unsafe class Tiles
{
    /// <summary>Six rows by two vectors: 12 accumulators, for 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6<L, V>(float* a, long aRow, float* b, float* c, long cRow, int k, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        for (int r = 0; r < 6 && Sse.IsSupported; r++)
            Sse.Prefetch0(c + (r * cRow));
        V zero = L.Broadcast(0f);
        V c00 = zero, c01 = zero;
        V c10 = zero, c11 = zero;
        V c20 = zero, c21 = zero;
        V c30 = zero, c31 = zero;
        V c40 = zero, c41 = zero;
        V c50 = zero, c51 = zero;
        for (int i = 0; i < k; i++)
        {
            V b0 = L.Load(b), b1 = L.Load(b + w);
            b += 2 * w;
            V x = L.Broadcast(a0[i]);
            c00 = L.Fma(x, b0, c00);
            c01 = L.Fma(x, b1, c01);
            x = L.Broadcast(a1[i]);
            c10 = L.Fma(x, b0, c10);
            c11 = L.Fma(x, b1, c11);
            x = L.Broadcast(a2[i]);
            c20 = L.Fma(x, b0, c20);
            c21 = L.Fma(x, b1, c21);
            x = L.Broadcast(a3[i]);
            c30 = L.Fma(x, b0, c30);
            c31 = L.Fma(x, b1, c31);
            x = L.Broadcast(a4[i]);
            c40 = L.Fma(x, b0, c40);
            c41 = L.Fma(x, b1, c41);
            x = L.Broadcast(a5[i]);
            c50 = L.Fma(x, b0, c50);
            c51 = L.Fma(x, b1, c51);
        }

        Finish<L, V>(c, c00, ending);
        Finish<L, V>(c + w, c01, ending);
        Finish<L, V>(c + cRow, c10, ending);
        Finish<L, V>(c + cRow + w, c11, ending);
        Finish<L, V>(c + (2 * cRow), c20, ending);
        Finish<L, V>(c + (2 * cRow) + w, c21, ending);
        Finish<L, V>(c + (3 * cRow), c30, ending);
        Finish<L, V>(c + (3 * cRow) + w, c31, ending);
        Finish<L, V>(c + (4 * cRow), c40, ending);
        Finish<L, V>(c + (4 * cRow) + w, c41, ending);
        Finish<L, V>(c + (5 * cRow), c50, ending);
        Finish<L, V>(c + (5 * cRow) + w, c51, ending);
    }

    /// <summary>Four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4<L, V>(float* a, long aRow, float* b, float* c, long cRow, int k, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        V zero = L.Broadcast(0f);
        V c00 = zero, c01 = zero;
        V c10 = zero, c11 = zero;
        V c20 = zero, c21 = zero;
        V c30 = zero, c31 = zero;
        for (int i = 0; i < k; i++)
        {
            V b0 = L.Load(b), b1 = L.Load(b + w);
            b += 2 * w;
            V x = L.Broadcast(a0[i]);
            c00 = L.Fma(x, b0, c00);
            c01 = L.Fma(x, b1, c01);
            x = L.Broadcast(a1[i]);
            c10 = L.Fma(x, b0, c10);
            c11 = L.Fma(x, b1, c11);
            x = L.Broadcast(a2[i]);
            c20 = L.Fma(x, b0, c20);
            c21 = L.Fma(x, b1, c21);
            x = L.Broadcast(a3[i]);
            c30 = L.Fma(x, b0, c30);
            c31 = L.Fma(x, b1, c31);
        }

        Finish<L, V>(c, c00, ending);
        Finish<L, V>(c + w, c01, ending);
        Finish<L, V>(c + cRow, c10, ending);
        Finish<L, V>(c + cRow + w, c11, ending);
        Finish<L, V>(c + (2 * cRow), c20, ending);
        Finish<L, V>(c + (2 * cRow) + w, c21, ending);
        Finish<L, V>(c + (3 * cRow), c30, ending);
        Finish<L, V>(c + (3 * cRow) + w, c31, ending);
    }

    /// <summary>Two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows2<L, V>(float* a, long aRow, float* b, float* c, long cRow, int k, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* a0 = a, a1 = a0 + aRow;
        V zero = L.Broadcast(0f);
        V c00 = zero, c01 = zero;
        V c10 = zero, c11 = zero;
        for (int i = 0; i < k; i++)
        {
            V b0 = L.Load(b), b1 = L.Load(b + w);
            b += 2 * w;
            V x = L.Broadcast(a0[i]);
            c00 = L.Fma(x, b0, c00);
            c01 = L.Fma(x, b1, c01);
            x = L.Broadcast(a1[i]);
            c10 = L.Fma(x, b0, c10);
            c11 = L.Fma(x, b1, c11);
        }

        Finish<L, V>(c, c00, ending);
        Finish<L, V>(c + w, c01, ending);
        Finish<L, V>(c + cRow, c10, ending);
        Finish<L, V>(c + cRow + w, c11, ending);
    }

    /// <summary>One row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1<L, V>(float* a, long aRow, float* b, float* c, long cRow, int k, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* a0 = a;
        V zero = L.Broadcast(0f);
        V c00 = zero, c01 = zero;
        for (int i = 0; i < k; i++)
        {
            V b0 = L.Load(b), b1 = L.Load(b + w);
            b += 2 * w;
            V x = L.Broadcast(a0[i]);
            c00 = L.Fma(x, b0, c00);
            c01 = L.Fma(x, b1, c01);
        }

        Finish<L, V>(c, c00, ending);
        Finish<L, V>(c + w, c01, ending);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<L, V>(float* target, V acc, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        if ((ending & Ending.First) == 0)
            acc = L.Add(L.Load(target), acc);
        if ((ending & Ending.Last) != 0)
            acc = Functions.Canonical<L, V>(acc);
        L.Store(target, acc);
    }
}
