using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Elementary;

/// <summary>
/// Sine and cosine: reduction by pi/2 in three fused parts, Cephes polynomials on [-pi/4, pi/4].
/// Legal for |x| up to <see cref="Limit"/>; beyond it, and for NaN, the result is the canonical NaN.
/// </summary>
public static class Trigonometry
{
    public const float Limit = 1048576f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V sign = L.And(x, L.BroadcastBits(int.MinValue)), a = L.Xor(x, sign);
        V r = Reduce<L, V>(a, out V quadrant);
        return L.Select(Legal<L, V>(a), L.Xor(Quarter<L, V>(r, quadrant), sign), NotANumber<L, V>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V a = Functions.Absolute<L, V>(x);
        V r = Reduce<L, V>(a, out V quadrant);
        V next = L.AddBits(quadrant, L.BroadcastBits(1));
        return L.Select(Legal<L, V>(a), Quarter<L, V>(r, next), NotANumber<L, V>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NotANumber<L, V>()
        where L : struct, ILanes<V>
        where V : struct => L.BroadcastBits(Functions.CanonicalNaNBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Legal<L, V>(V a)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Or(L.Greater(L.Broadcast(Limit), a), L.Equal(L.Broadcast(Limit), a));

    /// <summary>a = n pi/2 + r; the low two bits of <paramref name="quadrant"/> are n mod 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce<L, V>(V a, out V quadrant)
        where L : struct, ILanes<V>
        where V : struct
    {
        V shift = L.Broadcast(12582912f);
        a = L.Select(L.Greater(a, L.Broadcast(Limit)), L.Broadcast(Limit), a);
        V shifted = L.Fma(a, L.Broadcast(0.636619772367581f), shift);
        V n = L.Subtract(shifted, shift);
        quadrant = L.SubtractBits(shifted, shift);
        V r = L.Fma(n, L.Broadcast(-1.57079637050628662f), a);
        r = L.Fma(n, L.Broadcast(4.37113882867379115e-8f), r);
        return L.Fma(n, L.Broadcast(1.71512451306e-15f), r);
    }

    /// <summary>sin(r + quadrant pi/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quarter<L, V>(V r, V quadrant)
        where L : struct, ILanes<V>
        where V : struct
    {
        V z = L.Multiply(r, r);
        V s = L.Fma(L.Broadcast(-1.9515295891e-4f), z, L.Broadcast(8.3321608736e-3f));
        s = L.Fma(s, z, L.Broadcast(-1.6666654611e-1f));
        s = L.Fma(L.Multiply(s, z), r, r);
        V c = L.Fma(L.Broadcast(2.443315711809948e-5f), z, L.Broadcast(-1.388731625493765e-3f));
        c = L.Fma(c, z, L.Broadcast(4.166664568298827e-2f));
        c = L.Fma(c, L.Multiply(z, z), L.Fma(z, L.Broadcast(-0.5f), L.Broadcast(1f)));
        V odd = L.ShiftRightArithmetic(L.ShiftLeft(quadrant, 31), 31);
        V flip = L.And(L.ShiftLeft(quadrant, 30), L.BroadcastBits(int.MinValue));
        return L.Xor(L.Select(odd, c, s), flip);
    }
}
