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

    /// <summary>1 / (1 + e^-x) as e / (1 + e) with e = exp(-|x|) for negative x, so that both tails are accurate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V one = L.Broadcast(1f);
        V e = Exp<L, V>(L.Or(x, L.BroadcastBits(int.MinValue)));
        V numerator = L.Select(L.Greater(L.Broadcast(0f), x), e, one);
        return L.Divide(numerator, L.Add(one, e));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfNumber<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V high = L.Broadcast(89f), low = L.Broadcast(-104f), shift = L.Broadcast(12582912f);
        x = L.Select(L.Greater(x, high), high, x);
        x = L.Select(L.Greater(low, x), low, x);
        V shifted = L.Fma(x, L.Broadcast(1.44269504088896341f), shift);
        V n = L.Subtract(shifted, shift);
        V r = L.Fma(n, L.Broadcast(-0.693359375f), x);
        r = L.Fma(n, L.Broadcast(2.12194440e-4f), r);
        V p = L.Fma(L.Broadcast(1.9875691500e-4f), r, L.Broadcast(1.3981999507e-3f));
        p = L.Fma(p, r, L.Broadcast(8.3334519073e-3f));
        p = L.Fma(p, r, L.Broadcast(4.1665795894e-2f));
        p = L.Fma(p, r, L.Broadcast(1.6666665459e-1f));
        p = L.Fma(p, r, L.Broadcast(5.0000001201e-1f));
        V y = L.Add(L.Fma(p, L.Multiply(r, r), r), L.Broadcast(1f));
        V exponent = L.SubtractBits(shifted, shift);
        V half = L.ShiftRightArithmetic(exponent, 1);
        return L.Multiply(L.Multiply(y, Power<L, V>(half)), Power<L, V>(L.SubtractBits(exponent, half)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Power<L, V>(V exponent)
        where L : struct, ILanes<V>
        where V : struct =>
        L.ShiftLeft(L.AddBits(exponent, L.BroadcastBits(127)), 23);
}
