using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;
using static Starling.Compute.Kernels.Tiles;

namespace Starling.Compute.Kernels;

/// <summary>The register tile of machines with 32 vector registers (AVX-512, NEON).</summary>
internal static unsafe class WideTile
{
    /// <summary>Twelve rows by two vectors: 24 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows12<L, V>(float* a, long aRow, float* b, float* c, long cRow, int k, Ending ending, Ahead ahead)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        Fetch(c, cRow, 12);
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        float* a6 = a5 + aRow, a7 = a6 + aRow, a8 = a7 + aRow, a9 = a8 + aRow, a10 = a9 + aRow, a11 = a10 + aRow;
        V c00 = L.Broadcast(0f), c01 = c00;
        V c10 = c00, c11 = c00;
        V c20 = c00, c21 = c00;
        V c30 = c00, c31 = c00;
        V c40 = c00, c41 = c00;
        V c50 = c00, c51 = c00;
        V c60 = c00, c61 = c00;
        V c70 = c00, c71 = c00;
        V c80 = c00, c81 = c00;
        V c90 = c00, c91 = c00;
        V c100 = c00, c101 = c00;
        V c110 = c00, c111 = c00;
        long i = 0;
        for (; i <= k - 2; i += 2, b += 4 * w)
        {
            Step12<L, V>(
                a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, i, L.Load(b), L.Load(b + w), ref c00, ref c01,
                ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref c100, ref c101,
                ref c110, ref c111);
            Step12<L, V>(
                a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, i + 1, L.Load(b + (2 * w)), L.Load(b + (3 * w)),
                ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41,
                ref c50, ref c51, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91,
                ref c100, ref c101, ref c110, ref c111);
            ahead.Step();
        }

        for (; i < k; i++, b += 2 * w)
            Step12<L, V>(
                a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, i, L.Load(b), L.Load(b + w), ref c00, ref c01,
                ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref c100, ref c101,
                ref c110, ref c111);

        Finish<L, V>(c, c00, c01, ending);
        Finish<L, V>(c + cRow, c10, c11, ending);
        Finish<L, V>(c + (2 * cRow), c20, c21, ending);
        Finish<L, V>(c + (3 * cRow), c30, c31, ending);
        Finish<L, V>(c + (4 * cRow), c40, c41, ending);
        Finish<L, V>(c + (5 * cRow), c50, c51, ending);
        Finish<L, V>(c + (6 * cRow), c60, c61, ending);
        Finish<L, V>(c + (7 * cRow), c70, c71, ending);
        Finish<L, V>(c + (8 * cRow), c80, c81, ending);
        Finish<L, V>(c + (9 * cRow), c90, c91, ending);
        Finish<L, V>(c + (10 * cRow), c100, c101, ending);
        Finish<L, V>(c + (11 * cRow), c110, c111, ending);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step12<L, V>(
        float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, float* a6, float* a7, float* a8,
        float* a9, float* a10, float* a11, long i, V b0, V b1, ref V c00, ref V c01, ref V c10, ref V c11,
        ref V c20, ref V c21, ref V c30, ref V c31, ref V c40, ref V c41, ref V c50, ref V c51,
        ref V c60, ref V c61, ref V c70, ref V c71, ref V c80, ref V c81, ref V c90, ref V c91,
        ref V c100, ref V c101, ref V c110, ref V c111)
        where L : struct, ILanes<V>
        where V : struct
    {
        Pair<L, V>(a0[i], b0, b1, ref c00, ref c01);
        Pair<L, V>(a1[i], b0, b1, ref c10, ref c11);
        Pair<L, V>(a2[i], b0, b1, ref c20, ref c21);
        Pair<L, V>(a3[i], b0, b1, ref c30, ref c31);
        Pair<L, V>(a4[i], b0, b1, ref c40, ref c41);
        Pair<L, V>(a5[i], b0, b1, ref c50, ref c51);
        Pair<L, V>(a6[i], b0, b1, ref c60, ref c61);
        Pair<L, V>(a7[i], b0, b1, ref c70, ref c71);
        Pair<L, V>(a8[i], b0, b1, ref c80, ref c81);
        Pair<L, V>(a9[i], b0, b1, ref c90, ref c91);
        Pair<L, V>(a10[i], b0, b1, ref c100, ref c101);
        Pair<L, V>(a11[i], b0, b1, ref c110, ref c111);
    }
}
