using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Elementary;

/// <summary>
/// The elementary functions of arithmetic version 1, one float at a time. Every width runs the same bodies
/// (<see cref="Exponential"/>, <see cref="Logarithm"/>, <see cref="Hyperbolic"/>, <see cref="Trigonometry"/>), so the
/// bits are equal. docs/arithmetic.md states formulas, coefficients, edge values and measured errors.
/// </summary>
public static class Functions
{
    /// <summary>The only NaN that operators write.</summary>
    public const int CanonicalNaNBits = 0x7FC00000;

    public static float Exp(float x) => Exponential.Exp<Lanes1, float>(x);

    public static float Log(float x) => Logarithm.Log<Lanes1, float>(x);

    public static float Tanh(float x) => Hyperbolic.Tanh<Lanes1, float>(x);

    public static float Sigmoid(float x) => Exponential.Sigmoid<Lanes1, float>(x);

    public static float Sin(float x) => Trigonometry.Sin<Lanes1, float>(x);

    public static float Cos(float x) => Trigonometry.Cos<Lanes1, float>(x);

    /// <summary>1 / sqrt(x), both operations rounded by IEEE 754.</summary>
    public static float ReciprocalSqrt(float x) => 1f / MathF.Sqrt(x);

    /// <summary>The value itself, any NaN replaced by the canonical one.</summary>
    public static float Canonical(float x) => Canonical<Lanes1, float>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Canonical<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Select(L.Equal(x, x), x, L.BroadcastBits(CanonicalNaNBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Negate<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Xor(x, L.BroadcastBits(int.MinValue));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Absolute<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct =>
        L.And(x, L.BroadcastBits(int.MaxValue));
}
