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
/// Four steps of k per turn: a loop's own instructions would cost a fifth.
/// </summary>
internal static unsafe class Tiles
{
    /// <summary>Six rows by two vectors: 12 accumulators, for 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6<L, V>(float* a, long aRow, float* b, float* c, long cRow, int k, Ending ending, Ahead ahead)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        Fetch(c, cRow, 6);
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        V c00 = L.Broadcast(0f), c01 = c00;
        V c10 = c00, c11 = c00;
        V c20 = c00, c21 = c00;
        V c30 = c00, c31 = c00;
        V c40 = c00, c41 = c00;
        V c50 = c00, c51 = c00;
        long i = 0;
        for (; i <= k - 4; i += 4, b += 8 * w)
        {
            Step6<L, V>(
                a0, a1, a2, a3, a4, a5, i, L.Load(b), L.Load(b + w), ref c00, ref c01, ref c10, ref c11,
                ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Step6<L, V>(
                a0, a1, a2, a3, a4, a5, i + 1, L.Load(b + (2 * w)), L.Load(b + (3 * w)), ref c00, ref c01,
                ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Step6<L, V>(
                a0, a1, a2, a3, a4, a5, i + 2, L.Load(b + (4 * w)), L.Load(b + (5 * w)), ref c00, ref c01,
                ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Step6<L, V>(
                a0, a1, a2, a3, a4, a5, i + 3, L.Load(b + (6 * w)), L.Load(b + (7 * w)), ref c00, ref c01,
                ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            ahead.Step();
        }

        for (; i < k; i++, b += 2 * w)
            Step6<L, V>(
                a0, a1, a2, a3, a4, a5, i, L.Load(b), L.Load(b + w), ref c00, ref c01, ref c10, ref c11,
                ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);

        Finish<L, V>(c, c00, c01, ending);
        Finish<L, V>(c + cRow, c10, c11, ending);
        Finish<L, V>(c + (2 * cRow), c20, c21, ending);
        Finish<L, V>(c + (3 * cRow), c30, c31, ending);
        Finish<L, V>(c + (4 * cRow), c40, c41, ending);
        Finish<L, V>(c + (5 * cRow), c50, c51, ending);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step6<L, V>(
        float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, long i, V b0, V b1, ref V c00, ref V c01,
        ref V c10, ref V c11, ref V c20, ref V c21, ref V c30, ref V c31, ref V c40, ref V c41,
        ref V c50, ref V c51)
        where L : struct, ILanes<V>
        where V : struct
    {
        Pair<L, V>(a0[i], b0, b1, ref c00, ref c01);
        Pair<L, V>(a1[i], b0, b1, ref c10, ref c11);
        Pair<L, V>(a2[i], b0, b1, ref c20, ref c21);
        Pair<L, V>(a3[i], b0, b1, ref c30, ref c31);
        Pair<L, V>(a4[i], b0, b1, ref c40, ref c41);
        Pair<L, V>(a5[i], b0, b1, ref c50, ref c51);
    }

    /// <summary>Five rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows5<L, V>(float* a, long aRow, float* b, float* c, long cRow, int k, Ending ending, Ahead ahead)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        Fetch(c, cRow, 5);
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow;
        V c00 = L.Broadcast(0f), c01 = c00;
        V c10 = c00, c11 = c00;
        V c20 = c00, c21 = c00;
        V c30 = c00, c31 = c00;
        V c40 = c00, c41 = c00;
        long i = 0;
        for (; i <= k - 4; i += 4, b += 8 * w)
        {
            Step5<L, V>(
                a0, a1, a2, a3, a4, i, L.Load(b), L.Load(b + w), ref c00, ref c01, ref c10, ref c11,
                ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);
            Step5<L, V>(
                a0, a1, a2, a3, a4, i + 1, L.Load(b + (2 * w)), L.Load(b + (3 * w)), ref c00, ref c01,
                ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);
            Step5<L, V>(
                a0, a1, a2, a3, a4, i + 2, L.Load(b + (4 * w)), L.Load(b + (5 * w)), ref c00, ref c01,
                ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);
            Step5<L, V>(
                a0, a1, a2, a3, a4, i + 3, L.Load(b + (6 * w)), L.Load(b + (7 * w)), ref c00, ref c01,
                ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);
            ahead.Step();
        }

        for (; i < k; i++, b += 2 * w)
            Step5<L, V>(
                a0, a1, a2, a3, a4, i, L.Load(b), L.Load(b + w), ref c00, ref c01, ref c10, ref c11,
                ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);

        Finish<L, V>(c, c00, c01, ending);
        Finish<L, V>(c + cRow, c10, c11, ending);
        Finish<L, V>(c + (2 * cRow), c20, c21, ending);
        Finish<L, V>(c + (3 * cRow), c30, c31, ending);
        Finish<L, V>(c + (4 * cRow), c40, c41, ending);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step5<L, V>(
        float* a0, float* a1, float* a2, float* a3, float* a4, long i, V b0, V b1, ref V c00, ref V c01,
        ref V c10, ref V c11, ref V c20, ref V c21, ref V c30, ref V c31, ref V c40, ref V c41)
        where L : struct, ILanes<V>
        where V : struct
    {
        Pair<L, V>(a0[i], b0, b1, ref c00, ref c01);
        Pair<L, V>(a1[i], b0, b1, ref c10, ref c11);
        Pair<L, V>(a2[i], b0, b1, ref c20, ref c21);
        Pair<L, V>(a3[i], b0, b1, ref c30, ref c31);
        Pair<L, V>(a4[i], b0, b1, ref c40, ref c41);
    }

    /// <summary>Four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4<L, V>(float* a, long aRow, float* b, float* c, long cRow, int k, Ending ending, Ahead ahead)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        Fetch(c, cRow, 4);
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        V c00 = L.Broadcast(0f), c01 = c00;
        V c10 = c00, c11 = c00;
        V c20 = c00, c21 = c00;
        V c30 = c00, c31 = c00;
        long i = 0;
        for (; i <= k - 4; i += 4, b += 8 * w)
        {
            Step4<L, V>(
                a0, a1, a2, a3, i, L.Load(b), L.Load(b + w), ref c00, ref c01, ref c10, ref c11, ref c20, ref c21,
                ref c30, ref c31);
            Step4<L, V>(
                a0, a1, a2, a3, i + 1, L.Load(b + (2 * w)), L.Load(b + (3 * w)), ref c00, ref c01, ref c10, ref c11,
                ref c20, ref c21, ref c30, ref c31);
            Step4<L, V>(
                a0, a1, a2, a3, i + 2, L.Load(b + (4 * w)), L.Load(b + (5 * w)), ref c00, ref c01, ref c10, ref c11,
                ref c20, ref c21, ref c30, ref c31);
            Step4<L, V>(
                a0, a1, a2, a3, i + 3, L.Load(b + (6 * w)), L.Load(b + (7 * w)), ref c00, ref c01, ref c10, ref c11,
                ref c20, ref c21, ref c30, ref c31);
            ahead.Step();
        }

        for (; i < k; i++, b += 2 * w)
            Step4<L, V>(
                a0, a1, a2, a3, i, L.Load(b), L.Load(b + w), ref c00, ref c01, ref c10, ref c11, ref c20, ref c21,
                ref c30, ref c31);

        Finish<L, V>(c, c00, c01, ending);
        Finish<L, V>(c + cRow, c10, c11, ending);
        Finish<L, V>(c + (2 * cRow), c20, c21, ending);
        Finish<L, V>(c + (3 * cRow), c30, c31, ending);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step4<L, V>(
        float* a0, float* a1, float* a2, float* a3, long i, V b0, V b1, ref V c00, ref V c01, ref V c10, ref V c11,
        ref V c20, ref V c21, ref V c30, ref V c31)
        where L : struct, ILanes<V>
        where V : struct
    {
        Pair<L, V>(a0[i], b0, b1, ref c00, ref c01);
        Pair<L, V>(a1[i], b0, b1, ref c10, ref c11);
        Pair<L, V>(a2[i], b0, b1, ref c20, ref c21);
        Pair<L, V>(a3[i], b0, b1, ref c30, ref c31);
    }

    /// <summary>One row's two accumulators take one step of k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair<L, V>(float a, V b0, V b1, ref V c0, ref V c1)
        where L : struct, ILanes<V>
        where V : struct
    {
        V x = L.Broadcast(a);
        c0 = L.Fma(x, b0, c0);
        c1 = L.Fma(x, b1, c1);
    }

    /// <summary>Stores one row's two block sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<L, V>(float* target, V c0, V c1, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        if ((ending & Ending.First) == 0)
        {
            c0 = L.Add(L.Load(target), c0);
            c1 = L.Add(L.Load(target + L.Width), c1);
        }

        if ((ending & Ending.Last) != 0)
        {
            c0 = Functions.Canonical<L, V>(c0);
            c1 = Functions.Canonical<L, V>(c1);
        }

        L.Store(target, c0);
        L.Store(target + L.Width, c1);
    }

    /// <summary>Asks for the output's rows early: they are needed only after the last step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* c, long cRow, int rows)
    {
        for (int r = 0; r < rows && Sse.IsSupported; r++)
            Sse.Prefetch0(c + (r * cRow));
    }
}
