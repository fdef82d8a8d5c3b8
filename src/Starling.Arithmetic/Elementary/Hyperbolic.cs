using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Elementary;

/// <summary>Hyperbolic tangent (Cephes tanhf, fused multiply-adds).</summary>
public static class Hyperbolic
{
    /// <summary>tanh x; odd in every bit (so -0 gives -0); infinities give +-1; NaN the canonical NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        V sign = L.And(x, L.BroadcastBits(int.MinValue)), a = L.Xor(x, sign), one = L.Broadcast(1f);
        V e = Exponential.Exp<L, V>(L.Add(a, a));
        V large = L.Subtract(one, L.Divide(L.Broadcast(2f), L.Add(e, one)));
        V z = L.Multiply(a, a);
        V p = L.Fma(L.Broadcast(-5.70498872745e-3f), z, L.Broadcast(2.06390887954e-2f));
        p = L.Fma(p, z, L.Broadcast(-5.37397155531e-2f));
        p = L.Fma(p, z, L.Broadcast(1.33314422036e-1f));
        p = L.Fma(p, z, L.Broadcast(-3.33332819422e-1f));
        V small = L.Fma(L.Multiply(p, z), a, a);
        V y = L.Or(L.Select(L.Greater(L.Broadcast(0.625f), a), small, large), sign);
        return Functions.Canonical<L, V>(y);
    }
}
