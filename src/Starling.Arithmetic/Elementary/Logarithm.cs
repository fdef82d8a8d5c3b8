using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Elementary;

/// <summary>Natural logarithm (Cephes logf, fused multiply-adds).</summary>
public static class Logarithm
{
    /// <summary>ln x. Zero of either sign gives -inf; a negative number or NaN the canonical NaN; +inf gives +inf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V infinity = L.Broadcast(float.PositiveInfinity), zero = L.Broadcast(0f);
        V y = LogOfPositive<L, V>(x);
        y = L.Select(L.Equal(x, infinity), infinity, y);
        V edge = L.Select(L.Equal(x, zero), L.Broadcast(float.NegativeInfinity),
            L.BroadcastBits(Functions.CanonicalNaNBits));
        return L.Select(L.Greater(x, zero), y, edge);
    }

    /// <summary>x = 2^e m with m in [sqrt(1/2), sqrt(2)); ln x = e ln 2 + ln m; subnormal x is scaled by 2^23 first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfPositive<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V tiny = L.Greater(L.Broadcast(1.17549435e-38f), x);
        V scaled = L.Select(tiny, L.Multiply(x, L.Broadcast(8388608f)), x);
        V exponent = L.ShiftRightArithmetic(L.SubtractBits(scaled, L.BroadcastBits(0x3F3504F3)), 23);
        V f = L.Subtract(L.SubtractBits(scaled, L.ShiftLeft(exponent, 23)), L.Broadcast(1f));
        V e = L.BitsToFloat(L.SubtractBits(exponent, L.And(tiny, L.BroadcastBits(23))));
        V z = L.Multiply(f, f);
        V y = L.Multiply(L.Multiply(Polynomial<L, V>(f), f), z);
        y = L.Fma(e, L.Broadcast(-2.12194440e-4f), y);
        y = L.Fma(z, L.Broadcast(-0.5f), y);
        return L.Fma(e, L.Broadcast(0.693359375f), L.Add(f, y));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Polynomial<L, V>(V f)
        where L : struct, ILanes<V>
        where V : struct
    {
        V p = L.Fma(L.Broadcast(7.0376836292e-2f), f, L.Broadcast(-1.1514610310e-1f));
        p = L.Fma(p, f, L.Broadcast(1.1676998740e-1f));
        p = L.Fma(p, f, L.Broadcast(-1.2420140846e-1f));
        p = L.Fma(p, f, L.Broadcast(1.4249322787e-1f));
        p = L.Fma(p, f, L.Broadcast(-1.6668057665e-1f));
        p = L.Fma(p, f, L.Broadcast(2.0000714765e-1f));
        p = L.Fma(p, f, L.Broadcast(-2.4999993993e-1f));
        return L.Fma(p, f, L.Broadcast(3.3333331174e-1f));
    }
}
