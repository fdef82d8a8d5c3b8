namespace Starling.Arithmetic.Soft;

/// <summary>
/// IEEE 754 arithmetic by integers alone: rounded to nearest even, subnormal numbers kept, every NaN the canonical one. What
/// a processor's floating-point unit must give, worked out without it.
/// </summary>
internal static class SoftReal
{
    /// <summary>Where the leading bit of the larger term of a sum is put: a bit of room for the carry stays above.</summary>
    private const int TopBit = 126;

    public static ulong Add(SoftFormat f, ulong a, ulong b)
    {
        if (f.IsNaN(a) || f.IsNaN(b))
            return f.NaN;
        if (f.IsInfinite(a))
            return f.IsInfinite(b) && a != b ? f.NaN : a;
        if (f.IsInfinite(b))
            return b;
        var ((x, xPower), (y, yPower)) = (f.Parts(a), f.Parts(b));
        return Sum(f, a & f.Sign, x, xPower, b & f.Sign, y, yPower);
    }

    public static ulong Subtract(SoftFormat f, ulong a, ulong b) => Add(f, a, f.IsNaN(b) ? b : b ^ f.Sign);

    public static ulong Multiply(SoftFormat f, ulong a, ulong b)
    {
        ulong sign = (a ^ b) & f.Sign;
        if (IsNoProduct(f, a, b))
            return f.NaN;
        if (f.IsInfinite(a) || f.IsInfinite(b))
            return sign | f.Infinity;
        var ((x, xPower), (y, yPower)) = (f.Parts(a), f.Parts(b));
        return f.Round(sign, (UInt128)x * y, xPower + yPower);
    }

    /// <summary>a · b + c, rounded once.</summary>
    public static ulong Fma(SoftFormat f, ulong a, ulong b, ulong c)
    {
        ulong sign = (a ^ b) & f.Sign;
        if (IsNoProduct(f, a, b) || f.IsNaN(c))
            return f.NaN;
        if (f.IsInfinite(a) || f.IsInfinite(b))
            return f.IsInfinite(c) && (c & f.Sign) != sign ? f.NaN : sign | f.Infinity;
        if (f.IsInfinite(c))
            return c;
        var ((x, xPower), (y, yPower), (z, zPower)) = (f.Parts(a), f.Parts(b), f.Parts(c));
        return Sum(f, sign, (UInt128)x * y, xPower + yPower, c & f.Sign, z, zPower);
    }

    public static ulong Divide(SoftFormat f, ulong a, ulong b)
    {
        ulong sign = (a ^ b) & f.Sign;
        if (f.IsNaN(a) || f.IsNaN(b) || (f.IsInfinite(a) && f.IsInfinite(b)) || (f.IsZero(a) && f.IsZero(b)))
            return f.NaN;
        if (f.IsInfinite(a) || f.IsZero(b))
            return sign | f.Infinity;
        if (f.IsInfinite(b) || f.IsZero(a))
            return sign;
        var ((x, xPower), (y, yPower)) = (f.Parts(a), f.Parts(b));
        // The quotient has at least three bits more than the fraction: one below 2^126 over one below 2^53.
        int shift = (int)UInt128.LeadingZeroCount(x) - 2;
        UInt128 dividend = (UInt128)x << shift, quotient = dividend / y;
        return f.Round(sign, quotient | Lost(dividend != quotient * y), xPower - shift - yPower);
    }

    public static ulong Sqrt(SoftFormat f, ulong a)
    {
        if (f.IsNaN(a) || f.IsZero(a))
            return f.IsZero(a) ? a : f.NaN;
        if ((a & f.Sign) != 0)
            return f.NaN;
        if (f.IsInfinite(a))
            return a;
        var (x, power) = f.Parts(a);
        int shift = (int)UInt128.LeadingZeroCount(x) - 2;
        shift -= (power - shift) & 1;
        UInt128 square = (UInt128)x << shift, root = Root(square);
        return f.Round(0, (root << 1) | Lost(root * root != square), ((power - shift) / 2) - 1);
    }

    /// <summary>-1, 0 or 1; null where either is NaN. +0 equals -0.</summary>
    public static int? Compare(SoftFormat f, ulong a, ulong b)
    {
        if (f.IsNaN(a) || f.IsNaN(b))
            return null;
        return Ordered(f, a).CompareTo(Ordered(f, b));
    }

    public static ulong FromInt64(SoftFormat f, long value) =>
        f.Round(value < 0 ? f.Sign : 0, (UInt128)(value < 0 ? (ulong)-value : (ulong)value), 0);

    /// <summary>The same number in another format.</summary>
    public static ulong Convert(SoftFormat from, SoftFormat to, ulong a)
    {
        ulong sign = (a & from.Sign) != 0 ? to.Sign : 0;
        if (from.IsNaN(a))
            return to.NaN;
        if (from.IsInfinite(a))
            return sign | to.Infinity;
        var (x, power) = from.Parts(a);
        return to.Round(sign, x, power);
    }

    /// <summary>The nearest whole number, halves to even, of a finite number below 2^63.</summary>
    public static long ToInt64(SoftFormat f, ulong a)
    {
        var (x, power) = f.Parts(a);
        ulong whole = power >= 0 ? x << power : power < -63 ? 0 : x >> -power;
        if (power < 0)
        {
            UInt128 twice = (UInt128)(power < -63 ? x : x - (whole << -power)) << 1;
            UInt128 one = power < -100 ? UInt128.MaxValue : UInt128.One << -power;
            if (twice > one || (twice == one && (whole & 1) == 1))
                whole++;
        }

        return (a & f.Sign) != 0 ? -(long)whole : (long)whole;
    }

    private static bool IsNoProduct(SoftFormat f, ulong a, ulong b) => f.IsNaN(a) || f.IsNaN(b)
        || (f.IsInfinite(a) && f.IsZero(b)) || (f.IsZero(a) && f.IsInfinite(b));

    private static UInt128 Lost(bool isInexact) => isInexact ? UInt128.One : UInt128.Zero;

    private static long Ordered(SoftFormat f, ulong bits)
    {
        long magnitude = (long)(bits & ~f.Sign);
        return (bits & f.Sign) != 0 ? -magnitude : magnitude;
    }

    /// <summary>
    /// The sum of two exact terms, rounded once. The larger is brought to the top of 128 bits; what the other loses below
    /// sets the lowest bit, which cancellation cannot reach: where it takes more than one bit, nothing was lost.
    /// </summary>
    private static ulong Sum(SoftFormat f, ulong xSign, UInt128 x, int xPower, ulong ySign, UInt128 y, int yPower)
    {
        if (x == 0 || y == 0)
        {
            if (x == 0 && y == 0)
                return xSign & ySign;
            return x == 0 ? f.Round(ySign, y, yPower) : f.Round(xSign, x, xPower);
        }

        int xTop = Length(x) + xPower, yTop = Length(y) + yPower;
        if (yTop > xTop || (yTop == xTop && (y << (128 - Length(y))) > (x << (128 - Length(x)))))
            (xSign, x, xPower, ySign, y, yPower) = (ySign, y, yPower, xSign, x, xPower);
        int up = TopBit - Length(x), power = xPower - up;
        x <<= up;
        int shift = yPower - power;
        y = shift >= 0 ? y << shift : -shift > 127 ? UInt128.One : (y >> -shift) | Lost(y != (y >> -shift) << -shift);
        UInt128 sum = xSign == ySign ? x + y : x - y;
        return sum == 0 ? 0 : f.Round(xSign, sum, power);
    }

    private static int Length(UInt128 value) => 128 - (int)UInt128.LeadingZeroCount(value);

    /// <summary>The whole part of a square root, bit by bit.</summary>
    private static UInt128 Root(UInt128 square)
    {
        UInt128 root = 0, bit = UInt128.One << 126;
        while (bit > square)
            bit >>= 2;
        for (UInt128 rest = square; bit != 0; bit >>= 2)
        {
            bool fits = rest >= root + bit;
            if (fits)
                rest -= root + bit;
            root = fits ? (root >> 1) + bit : root >> 1;
        }

        return root;
    }
}
