using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Soft;

namespace Starling.Arithmetic.Elementary;

/// <summary>
/// The angle per position of one pair of a rotary embedding: base^(-2 pair / headSize), computed in IEEE double with
/// the series below (no libm, so portable) and rounded once to float. Relative error before rounding below 1e-15.
/// </summary>
public static class RotaryFrequency
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>
    /// The angle per position of a pair under a <see cref="OperatorKind.Rope"/>. Where Factor is not 0 the frequency is
    /// divided by it up to RampStart, kept from RampEnd on, and blended between: over the turns that the pair makes
    /// within Context positions, or over the number of the pair where Context is 0. An empty ramp divides all.
    /// </summary>
    public static float Of(Operator rope, int pair) => Of<HardDoubles>(rope, pair);

    /// <summary>The natural logarithm of a positive normal number.</summary>
    /// <remarks>x = 2^e m, m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh s, s = (m - 1) / (m + 1), 12 terms by Horner.</remarks>
    public static double Log(double x) => Log<HardDoubles>(x);

    internal static float Of<D>(Operator rope, int pair)
        where D : struct, IDoubles
    {
        double share = D.Divide(D.Multiply(2.0, D.FromInt64(pair)), D.FromInt64(rope.HeadSize));
        double frequency = Exp<D>(D.Multiply(-share, Log<D>(D.FromSingle(rope.Base))));
        if (rope.Factor == 0)
            return D.ToSingle(frequency);
        double at = rope.Context > 0
            ? D.Divide(D.Multiply(D.FromInt64(rope.Context), frequency), 6.283185307179586)
            : D.FromInt64(pair);
        double kept = Ramp<D>(D.FromSingle(rope.RampStart), D.FromSingle(rope.RampEnd), at);
        double rest = D.Divide(D.Add(1, -kept), D.FromSingle(rope.Factor));
        return D.ToSingle(D.Multiply(frequency, D.Add(kept, rest)));
    }

    private static double Ramp<D>(double start, double end, double at)
        where D : struct, IDoubles
    {
        if (start == end)
            return 0;
        double share = D.Divide(D.Add(at, -start), D.Add(end, -start));
        return D.IsGreater(0, share) ? 0 : D.IsGreater(share, 1) ? 1 : share;
    }

    private static double Log<D>(double x)
        where D : struct, IDoubles
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits - 0x3FE6A09E667F3BCD) >> 52;
        double m = BitConverter.Int64BitsToDouble(bits - (exponent << 52)), s = D.Divide(D.Add(m, -1), D.Add(m, 1));
        double z = D.Multiply(s, s), p = D.Divide(1, 23), e = D.FromInt64(exponent);
        for (int k = 21; k >= 1; k -= 2)
            p = D.Fma(p, z, D.Divide(1, D.FromInt64(k)));
        double low = D.Add(D.Multiply(e, Ln2Low), D.Multiply(D.Multiply(2, s), p));
        return D.Add(D.Multiply(e, Ln2High), low);
    }

    /// <summary>x = n ln 2 + r; e^r by its series to r^14 / 14!, times 2^n.</summary>
    private static double Exp<D>(double x)
        where D : struct, IDoubles
    {
        long whole = D.ToInt64(D.Multiply(x, 1.44269504088896340736));
        double n = D.FromInt64(whole), p = 1;
        double r = D.Add(D.Add(x, -D.Multiply(n, Ln2High)), -D.Multiply(n, Ln2Low));
        for (int k = 14; k >= 1; k--)
            p = D.Fma(p, D.Divide(r, D.FromInt64(k)), 1.0);
        return D.Multiply(p, BitConverter.Int64BitsToDouble((whole + 1023) << 52));
    }
}
