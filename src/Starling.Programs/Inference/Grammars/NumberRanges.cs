using System.Globalization;
using System.Text;

namespace Starling.Programs.Inference.Grammars;

/// <summary>Integers, and numbers with a fraction, between bounds, as the digits they are written with.</summary>
internal sealed class NumberRanges(GrammarStates states, JsonRules rules)
{
    /// <summary>Bound where a schema gives none; also the largest size of numbers with a fraction and bounds.</summary>
    private const long MostInteger = 999_999_999_999_999_999, MostReal = 1_000_000_000;

    private const int Fraction = 6;

    /// <summary>Integers from least to most; -1 where there are none.</summary>
    public int Integers(decimal? least, decimal? most)
    {
        (long low, long high) = Bounds(least, most, MostInteger);
        if (low > high)
            return -1;
        int rule = states.Rule();
        Integers(states.Rules[rule].Start, low, high, states.Rules[rule].End);
        return rule;
    }

    /// <summary>
    /// Numbers from least to most: the integers, and fractions between neighbouring integers that are both within.
    /// -1 where there are none.
    /// </summary>
    public int Reals(decimal? least, decimal? most)
    {
        (long low, long high) = Bounds(least, most, MostReal);
        if (low > high)
            return -1;
        int rule = states.Rule(), start = states.Rules[rule].Start, end = states.Rules[rule].End;
        Integers(start, low, high, end);
        int point = states.State();
        if (high >= 1)
            Positive(start, Math.Max(low, 0), high - 1, point);
        if (low <= -1)
            Positive(states.Byte(start, '-'), Math.Max(-high, 0), -low - 1, point);
        rules.Digits(states.Byte(states.Byte(point, '.'), (byte)'0', (byte)'9'), Fraction - 1, end);
        return rule;
    }

    private static (long Low, long High) Bounds(decimal? least, decimal? most, long limit) => (
        (long)Math.Ceiling(Math.Clamp(least ?? -limit, -limit, limit + 1m)),
        (long)Math.Floor(Math.Clamp(most ?? limit, -limit - 1m, limit)));

    private void Integers(int from, long low, long high, int to)
    {
        if (high >= 0)
            Positive(from, Math.Max(low, 0), high, to);
        if (low < 0)
            Positive(states.Byte(from, '-'), Math.Max(-high, 1), -low, to);
    }

    /// <summary>Digits of integers from low, at least 0, to high.</summary>
    private void Positive(int from, long low, long high, int to)
    {
        for (long size = 1; size <= high || size == 1; size *= 10)
        {
            long first = Math.Max(low, size == 1 ? 0 : size), last = Math.Min(high, (size * 10) - 1);
            if (first <= last)
                Between(from, Digits(first), Digits(last), to);
        }
    }

    private void Between(int from, ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, int to)
    {
        if (!low.ContainsAnyExcept((byte)'0') && !high.ContainsAnyExcept((byte)'9'))
        {
            Any(from, low.Length, to);
            return;
        }

        if (low[0] == high[0])
        {
            Between(states.Byte(from, low[0], low[0]), low[1..], high[1..], to);
            return;
        }

        Between(states.Byte(from, low[0], low[0]), low[1..], Repeat((byte)'9', low.Length - 1), to);
        Between(states.Byte(from, high[0], high[0]), Repeat((byte)'0', low.Length - 1), high[1..], to);
        if (low[0] + 1 < high[0])
            Any(states.Byte(from, (byte)(low[0] + 1), (byte)(high[0] - 1)), low.Length - 1, to);
    }

    private void Any(int from, int digits, int to)
    {
        for (; digits > 0; digits--)
            from = states.Byte(from, (byte)'0', (byte)'9');
        states.Empty(from, to);
    }

    private static byte[] Repeat(byte value, int count)
    {
        byte[] all = new byte[count];
        Array.Fill(all, value);
        return all;
    }

    private static byte[] Digits(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));
}
