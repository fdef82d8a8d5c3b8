using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;
using static Starling.Compute.Kernels.Tiles;

namespace Starling.Compute.Kernels;

/// <summary>
/// Tiles of one to three rows over several panels of B at once, <c>apart</c> floats from each other: enough chains to hide
/// the latency of a multiply-add, and several streams from memory, which the processor fetches ahead better than one.
/// Panels beyond the <c>last</c> repeat it.
/// </summary>
internal static unsafe class SkinnyTiles
{
    /// <summary>Panels that a tile of so many rows takes.</summary>
    public static int Panels(int rows) => 5 - rows;

    /// <summary>One row by four panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row1<L, V>(float* a, float* b, long apart, int last, float* c, int k, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* q = b + (Math.Min(1, last) * apart), r = b + (Math.Min(2, last) * apart), s = b + (Math.Min(3, last) * apart);
        V b0 = L.Broadcast(0f), b1 = b0, q0 = b0, q1 = b0, r0 = b0, r1 = b0, s0 = b0, s1 = b0;
        for (int i = 0; i < k; i++, b += 2 * w, q += 2 * w, r += 2 * w, s += 2 * w)
        {
            V x = L.Broadcast(a[i]);
            b0 = L.Fma(x, L.Load(b), b0);
            b1 = L.Fma(x, L.Load(b + w), b1);
            q0 = L.Fma(x, L.Load(q), q0);
            q1 = L.Fma(x, L.Load(q + w), q1);
            r0 = L.Fma(x, L.Load(r), r0);
            r1 = L.Fma(x, L.Load(r + w), r1);
            s0 = L.Fma(x, L.Load(s), s0);
            s1 = L.Fma(x, L.Load(s + w), s1);
        }

        Finish<L, V>(c, b0, b1, ending);
        Finish<L, V>(c + (2 * w), q0, q1, ending);
        Finish<L, V>(c + (4 * w), r0, r1, ending);
        Finish<L, V>(c + (6 * w), s0, s1, ending);
    }

    /// <summary>Two rows by three panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows2<L, V>(
        float* a, long aRow, float* b, long apart, int last, float* c, long cRow, int k, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* a1 = a + aRow, q = b + (Math.Min(1, last) * apart), r = b + (Math.Min(2, last) * apart);
        V b00 = L.Broadcast(0f), b01 = b00, b10 = b00, b11 = b00;
        V q00 = b00, q01 = b00, q10 = b00, q11 = b00, r00 = b00, r01 = b00, r10 = b00, r11 = b00;
        for (int i = 0; i < k; i++, b += 2 * w, q += 2 * w, r += 2 * w)
        {
            V x = L.Broadcast(a[i]), y = L.Broadcast(a1[i]);
            Column2<L, V>(x, y, L.Load(b), L.Load(b + w), ref b00, ref b01, ref b10, ref b11);
            Column2<L, V>(x, y, L.Load(q), L.Load(q + w), ref q00, ref q01, ref q10, ref q11);
            Column2<L, V>(x, y, L.Load(r), L.Load(r + w), ref r00, ref r01, ref r10, ref r11);
        }

        Finish<L, V>(c, b00, b01, ending);
        Finish<L, V>(c + cRow, b10, b11, ending);
        Finish<L, V>(c + (2 * w), q00, q01, ending);
        Finish<L, V>(c + (2 * w) + cRow, q10, q11, ending);
        Finish<L, V>(c + (4 * w), r00, r01, ending);
        Finish<L, V>(c + (4 * w) + cRow, r10, r11, ending);
    }

    /// <summary>Three rows by two panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows3<L, V>(
        float* a, long aRow, float* b, long apart, int last, float* c, long cRow, int k, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* a1 = a + aRow, a2 = a1 + aRow, q = b + (Math.Min(1, last) * apart);
        V b00 = L.Broadcast(0f), b01 = b00, b10 = b00, b11 = b00, b20 = b00, b21 = b00;
        V q00 = b00, q01 = b00, q10 = b00, q11 = b00, q20 = b00, q21 = b00;
        for (int i = 0; i < k; i++, b += 2 * w, q += 2 * w)
        {
            V left = L.Load(b), right = L.Load(b + w);
            Pair<L, V>(a[i], left, right, ref b00, ref b01);
            Pair<L, V>(a1[i], left, right, ref b10, ref b11);
            Pair<L, V>(a2[i], left, right, ref b20, ref b21);
            (left, right) = (L.Load(q), L.Load(q + w));
            Pair<L, V>(a[i], left, right, ref q00, ref q01);
            Pair<L, V>(a1[i], left, right, ref q10, ref q11);
            Pair<L, V>(a2[i], left, right, ref q20, ref q21);
        }

        Finish<L, V>(c, b00, b01, ending);
        Finish<L, V>(c + cRow, b10, b11, ending);
        Finish<L, V>(c + (2 * cRow), b20, b21, ending);
        Finish<L, V>(c + (2 * w), q00, q01, ending);
        Finish<L, V>(c + (2 * w) + cRow, q10, q11, ending);
        Finish<L, V>(c + (2 * w) + (2 * cRow), q20, q21, ending);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column2<L, V>(V x, V y, V left, V right, ref V c00, ref V c01, ref V c10, ref V c11)
        where L : struct, ILanes<V>
        where V : struct
    {
        c00 = L.Fma(x, left, c00);
        c01 = L.Fma(x, right, c01);
        c10 = L.Fma(y, left, c10);
        c11 = L.Fma(y, right, c11);
    }
}
