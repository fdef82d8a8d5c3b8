namespace Starling.Arithmetic.Soft;

/// <summary>A binary format of IEEE 754 by its sizes. Values travel as their bits, in the low bits of a 64-bit word.</summary>
/// <param name="Fraction">Bits of the fraction.</param>
/// <param name="Exponent">Bits of the exponent.</param>
internal readonly record struct SoftFormat(int Fraction, int Exponent)
{
    public static SoftFormat Single => new(23, 8);

    public static SoftFormat Double => new(52, 11);

    public ulong Sign => 1UL << (Fraction + Exponent);

    public ulong Infinity => ((1UL << Exponent) - 1) << Fraction;

    /// <summary>The canonical NaN: every result that is no number.</summary>
    public ulong NaN => Infinity | (1UL << (Fraction - 1));

    /// <summary>The power of two that the lowest bit of a subnormal number stands for.</summary>
    public int Lowest => 2 - (1 << (Exponent - 1)) - Fraction;

    public bool IsNaN(ulong bits) => (bits & ~Sign) > Infinity;

    public bool IsInfinite(ulong bits) => (bits & ~Sign) == Infinity;

    public bool IsZero(ulong bits) => (bits & ~Sign) == 0;

    /// <summary>A finite number as significand · 2^power.</summary>
    public (ulong Significand, int Power) Parts(ulong bits)
    {
        ulong fraction = bits & ((1UL << Fraction) - 1);
        int exponent = (int)((bits & ~Sign) >> Fraction);
        return exponent == 0 ? (fraction, Lowest) : (fraction | (1UL << Fraction), Lowest + exponent - 1);
    }

    /// <summary>
    /// significand · 2^power, rounded to nearest even. Where bits were lost below, the lowest bit must be set for them and
    /// lie at least two bits below the last that is kept.
    /// </summary>
    public ulong Round(ulong sign, UInt128 significand, int power)
    {
        if (significand == 0)
            return sign;
        int length = 128 - (int)UInt128.LeadingZeroCount(significand);
        int lowest = Math.Max(power + length - Fraction - 1, Lowest), drop = lowest - power;
        UInt128 kept = drop <= 0 ? significand << -drop : drop > 127 ? 0 : significand >> drop;
        if (drop > 0)
        {
            UInt128 rest = drop > 127 ? significand : significand - (kept << drop);
            UInt128 half = drop > 128 ? UInt128.MaxValue : UInt128.One << (drop - 1);
            if (rest > half || (rest == half && (kept & 1) == 1))
                kept++;
        }

        // A carry out of the fraction raises the exponent by itself. Subnormal numbers have the same form.
        long steps = (long)lowest - Lowest;
        return steps >= 1 << Exponent ? sign | Infinity : sign | Math.Min(((ulong)steps << Fraction) + (ulong)kept, Infinity);
    }
}
