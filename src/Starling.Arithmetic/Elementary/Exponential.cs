using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Elementary;

/// <summary>exp and the logistic function (Cephes expf, fused multiply-adds, 2^n applied in two exact halves).</summary>
public static class Exponential
{
    /// <summary>e^x. NaN gives the canonical NaN, +inf gives +inf, -inf gives +0; subnormal results are kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Select(L.Equal(x, x), ExpOfNumber<L, V>(x), L.BroadcastBits(Functions.CanonicalNaNBits));

    /// <summary>
    /// e^x for x of at most zero (or NaN), with the bits of <see cref="Exp"/>: the exponent is added to y's own, 64 too
    /// high so that it stays normal, and one product takes the 64 away, rounding what becomes subnormal.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfNegative<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V y = Reduced<L, V>(L.Max(L.Broadcast(-104f), x), L.Broadcast(12582912f + 64f), out V shifted);
        V e = L.Multiply(L.AddBits(y, L.ShiftLeft(shifted, 23)), L.Broadcast(5.421010862427522e-20f));
        return L.Select(L.Equal(x, x), e, L.BroadcastBits(Functions.CanonicalNaNBits));
    }

    /// <summary>1 / (1 + e^-x) as e / (1 + e) with e = exp(-|x|) for negative x, so that both tails are accurate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V one = L.Broadcast(1f);
        V e = ExpOfNegative<L, V>(L.Or(x, L.BroadcastBits(int.MinValue)));
        V numerator = L.Select(L.Greater(L.Broadcast(0f), x), e, one);
        return L.Divide(numerator, L.Add(one, e));
    }

    /// <summary>2^n is applied in halves: added to y's exponent, then multiplied, which rounds once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfNumber<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V shift = L.Broadcast(12582912f);
        x = L.Max(L.Broadcast(-104f), L.Min(L.Broadcast(89f), x));
        V y = Reduced<L, V>(x, shift, out V shifted), exponent = L.SubtractBits(shifted, shift);
        V half = L.ShiftRightArithmetic(exponent, 1);
        V rest = L.AddBits(L.SubtractBits(exponent, half), L.BroadcastBits(127));
        return L.Multiply(L.AddBits(y, L.ShiftLeft(half, 23)), L.ShiftLeft(rest, 23));
    }

    /// <summary>e^r of x = n ln 2 + r; n stands in the low bits of <paramref name="shifted"/>, above those of shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduced<L, V>(V x, V shift, out V shifted)
        where L : struct, ILanes<V>
        where V : struct
    {
        shifted = L.Fma(x, L.Broadcast(1.44269504088896341f), shift);
        V n = L.Subtract(shifted, shift);
        V r = L.Fma(n, L.Broadcast(-0.693359375f), x);
        r = L.Fma(n, L.Broadcast(2.12194440e-4f), r);
        V p = L.Fma(L.Broadcast(1.9875691500e-4f), r, L.Broadcast(1.3981999507e-3f));
        p = L.Fma(p, r, L.Broadcast(8.3334519073e-3f));
        p = L.Fma(p, r, L.Broadcast(4.1665795894e-2f));
        p = L.Fma(p, r, L.Broadcast(1.6666665459e-1f));
        p = L.Fma(p, r, L.Broadcast(5.0000001201e-1f));
        return L.Add(L.Fma(p, L.Multiply(r, r), r), L.Broadcast(1f));
    }
}
