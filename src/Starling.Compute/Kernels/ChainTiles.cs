using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>
/// Register tiles of attention: six rows by two vectors of outputs, each a chain over k that starts at +0 or goes on from
/// what the target holds. B has k rows of at least two vectors, <c>bRow</c> floats apart.
/// </summary>
internal static unsafe class ChainTiles
{
    public const int Rows = 6;

    /// <summary>target[r] = chain over i of a[r * aRow + i] * b[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fresh<L, V>(float* a, long aRow, float* b, long bRow, float* target, long targetRow, int k)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        V zero = L.Broadcast(0f);
        V c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero;
        V c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
        for (int i = 0; i < k; i++, b += bRow)
        {
            V b0 = L.Load(b), b1 = L.Load(b + w);
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

        Store<L, V>(target, c00, c01);
        Store<L, V>(target + targetRow, c10, c11);
        Store<L, V>(target + (2 * targetRow), c20, c21);
        Store<L, V>(target + (3 * targetRow), c30, c31);
        Store<L, V>(target + (4 * targetRow), c40, c41);
        Store<L, V>(target + (5 * targetRow), c50, c51);
    }

    /// <summary>target[r] goes on with its chain over i of a[i * aStep + r] * b[i]: a is read along its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Continue<L, V>(float* a, long aStep, float* b, long bRow, float* target, long targetRow, int k)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        float* t0 = target, t1 = t0 + targetRow, t2 = t1 + targetRow, t3 = t2 + targetRow, t4 = t3 + targetRow;
        float* t5 = t4 + targetRow;
        V c00 = L.Load(t0), c01 = L.Load(t0 + w), c10 = L.Load(t1), c11 = L.Load(t1 + w);
        V c20 = L.Load(t2), c21 = L.Load(t2 + w), c30 = L.Load(t3), c31 = L.Load(t3 + w);
        V c40 = L.Load(t4), c41 = L.Load(t4 + w), c50 = L.Load(t5), c51 = L.Load(t5 + w);
        for (int i = 0; i < k; i++, a += aStep, b += bRow)
        {
            V b0 = L.Load(b), b1 = L.Load(b + w);
            V x = L.Broadcast(a[0]);
            c00 = L.Fma(x, b0, c00);
            c01 = L.Fma(x, b1, c01);
            x = L.Broadcast(a[1]);
            c10 = L.Fma(x, b0, c10);
            c11 = L.Fma(x, b1, c11);
            x = L.Broadcast(a[2]);
            c20 = L.Fma(x, b0, c20);
            c21 = L.Fma(x, b1, c21);
            x = L.Broadcast(a[3]);
            c30 = L.Fma(x, b0, c30);
            c31 = L.Fma(x, b1, c31);
            x = L.Broadcast(a[4]);
            c40 = L.Fma(x, b0, c40);
            c41 = L.Fma(x, b1, c41);
            x = L.Broadcast(a[5]);
            c50 = L.Fma(x, b0, c50);
            c51 = L.Fma(x, b1, c51);
        }

        Store<L, V>(t0, c00, c01);
        Store<L, V>(t1, c10, c11);
        Store<L, V>(t2, c20, c21);
        Store<L, V>(t3, c30, c31);
        Store<L, V>(t4, c40, c41);
        Store<L, V>(t5, c50, c51);
    }

    /// <summary>One row: target = chain over i of a[i] * b[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FreshRow<L, V>(float* a, float* b, long bRow, float* target, int k)
        where L : struct, ILanes<V>
        where V : struct
    {
        V c0 = L.Broadcast(0f), c1 = c0;
        for (int i = 0; i < k; i++, b += bRow)
        {
            V x = L.Broadcast(a[i]);
            c0 = L.Fma(x, L.Load(b), c0);
            c1 = L.Fma(x, L.Load(b + L.Width), c1);
        }

        Store<L, V>(target, c0, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<L, V>(float* target, V left, V right)
        where L : struct, ILanes<V>
        where V : struct
    {
        L.Store(target, left);
        L.Store(target + L.Width, right);
    }
}
