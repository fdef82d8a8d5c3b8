using Starling.Arithmetic.Catalogue;

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
    public static float Of(Operator rope, int pair)
    {
        double frequency = Exp(-(2.0 * pair / rope.HeadSize) * Log(rope.Base));
        if (rope.Factor == 0)
            return (float)frequency;
        double at = rope.Context > 0 ? rope.Context * frequency / 6.283185307179586 : pair;
        double start = rope.RampStart, end = rope.RampEnd;
        double kept = start == end ? 0 : Math.Clamp((at - start) / (end - start), 0, 1);
        return (float)(frequency * (kept + ((1 - kept) / rope.Factor)));
    }

    /// <summary>The natural logarithm of a positive normal number.</summary>
    /// <remarks>x = 2^e m, m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh s, s = (m - 1) / (m + 1), 12 terms by Horner.</remarks>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        long e = (bits - 0x3FE6A09E667F3BCD) >> 52;
        double m = BitConverter.Int64BitsToDouble(bits - (e << 52)), s = (m - 1) / (m + 1), z = s * s;
        double p = 1.0 / 23;
        for (int k = 21; k >= 1; k -= 2)
            p = Math.FusedMultiplyAdd(p, z, 1.0 / k);
        return (e * Ln2High) + ((e * Ln2Low) + (2 * s * p));
    }

    /// <summary>x = n ln 2 + r; e^r by its series to r^14 / 14!, times 2^n.</summary>
    private static double Exp(double x)
    {
        double n = Math.Round(x * 1.44269504088896340736, MidpointRounding.ToEven);
        double r = x - (n * Ln2High) - (n * Ln2Low), p = 1;
        for (int k = 14; k >= 1; k--)
            p = Math.FusedMultiplyAdd(p, r / k, 1.0);
        return p * BitConverter.Int64BitsToDouble(((long)n + 1023) << 52);
    }
}
