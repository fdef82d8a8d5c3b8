using System.Runtime.CompilerServices;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>The register tile of machines with 32 vector registers (AVX-512, NEON).</summary>
internal static unsafe class WideTile
{
    /// <summary>Twelve rows by two vectors: 24 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows12<L, V>(float* a, long aRow, float* b, float* c, long cRow, int k, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        float* a6 = a5 + aRow, a7 = a6 + aRow, a8 = a7 + aRow, a9 = a8 + aRow, a10 = a9 + aRow, a11 = a10 + aRow;
        V zero = L.Broadcast(0f);
        V c00 = zero, c01 = zero;
        V c10 = zero, c11 = zero;
        V c20 = zero, c21 = zero;
        V c30 = zero, c31 = zero;
        V c40 = zero, c41 = zero;
        V c50 = zero, c51 = zero;
        V c60 = zero, c61 = zero;
        V c70 = zero, c71 = zero;
        V c80 = zero, c81 = zero;
        V c90 = zero, c91 = zero;
        V c100 = zero, c101 = zero;
        V c110 = zero, c111 = zero;
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
            x = L.Broadcast(a6[i]);
            c60 = L.Fma(x, b0, c60);
            c61 = L.Fma(x, b1, c61);
            x = L.Broadcast(a7[i]);
            c70 = L.Fma(x, b0, c70);
            c71 = L.Fma(x, b1, c71);
            x = L.Broadcast(a8[i]);
            c80 = L.Fma(x, b0, c80);
            c81 = L.Fma(x, b1, c81);
            x = L.Broadcast(a9[i]);
            c90 = L.Fma(x, b0, c90);
            c91 = L.Fma(x, b1, c91);
            x = L.Broadcast(a10[i]);
            c100 = L.Fma(x, b0, c100);
            c101 = L.Fma(x, b1, c101);
            x = L.Broadcast(a11[i]);
            c110 = L.Fma(x, b0, c110);
            c111 = L.Fma(x, b1, c111);
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
        Finish<L, V>(c + (6 * cRow), c60, ending);
        Finish<L, V>(c + (6 * cRow) + w, c61, ending);
        Finish<L, V>(c + (7 * cRow), c70, ending);
        Finish<L, V>(c + (7 * cRow) + w, c71, ending);
        Finish<L, V>(c + (8 * cRow), c80, ending);
        Finish<L, V>(c + (8 * cRow) + w, c81, ending);
        Finish<L, V>(c + (9 * cRow), c90, ending);
        Finish<L, V>(c + (9 * cRow) + w, c91, ending);
        Finish<L, V>(c + (10 * cRow), c100, ending);
        Finish<L, V>(c + (10 * cRow) + w, c101, ending);
        Finish<L, V>(c + (11 * cRow), c110, ending);
        Finish<L, V>(c + (11 * cRow) + w, c111, ending);
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
