using Starling.Arithmetic.Soft;
using Xunit;
using static System.BitConverter;

namespace Starling.Tests.Arithmetic;

/// <summary>Arithmetic by integers against the processor: every pair of edge values and many random ones.</summary>
public sealed class SoftRealTests(ITestOutputHelper output)
{
    private static readonly float[] Edges =
    [
        0f, 1e-45f, 2.8e-45f, 5.9e-39f, 1.1754942e-38f, 1.17549435e-38f, 1.1754945e-38f, 2.3509887e-38f, 1e-30f, 5.9604645e-8f,
        0.5f, 0.99999994f, 1f, 1.0000001f, 1.5f, 2f, 3f, 8388607.5f, 8388608f, 16777215f, 16777216f, 16777218f, 1e20f,
        1.7014118e38f, 3.4028233e38f, float.MaxValue, float.PositiveInfinity, float.NaN,
    ];

    private static float[] Signed => [.. Edges, .. Edges.Select(x => -x)];

    [Fact]
    public void Every_pair_and_triple_of_edges_agrees()
    {
        foreach (float a in Signed)
            foreach (float b in Signed)
            {
                Pair(a, b);
                foreach (float c in Signed)
                    Same(MathF.FusedMultiplyAdd(a, b, c), SoftLanes.Fma(a, b, c), a, b, c);
            }
    }

    [Fact]
    public void Random_numbers_agree()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int i = 0; i < 200_000; i++)
        {
            float a = Any(random), b = Near(random, a), c = Near(random, a * b);
            Pair(a, b);
            Same(MathF.FusedMultiplyAdd(a, b, c), SoftLanes.Fma(a, b, c), a, b, c);
            int whole = random.Next(int.MinValue, int.MaxValue);
            Same(whole, SoftLanes.BitsToFloat(Int32BitsToSingle(whole)), whole, 0, 0);
        }
    }

    [Fact]
    public void Doubles_agree()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int i = 0; i < 100_000; i++)
        {
            double a = AnyDouble(random), b = i % 2 == 0 ? AnyDouble(random) : a * (random.NextDouble() - 0.5), c = -a * b * (i % 3);
            SameDouble(a + b, SoftDoubles.Add(a, b));
            SameDouble(a * b, SoftDoubles.Multiply(a, b));
            SameDouble(a / b, SoftDoubles.Divide(a, b));
            SameDouble(Math.FusedMultiplyAdd(a, b, c), SoftDoubles.Fma(a, b, c));
            long whole = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            SameDouble(whole, SoftDoubles.FromInt64(whole));
            double small = (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-3, 60));
            Assert.Equal((long)Math.Round(small), SoftDoubles.ToInt64(small));
            Assert.Equal(a > b, SoftDoubles.IsGreater(a, b));
            Same((float)a, SoftDoubles.ToSingle(a), (float)a, 0, 0);
            float single = Any(random);
            SameDouble(single, SoftDoubles.FromSingle(single));
        }
    }

    [Theory]
    [InlineData(0.5, 0L)]
    [InlineData(1.5, 2L)]
    [InlineData(2.5, 2L)]
    [InlineData(-0.5, 0L)]
    [InlineData(-2.5000000000000004, -3L)]
    [InlineData(4503599627370497.5, 4503599627370498L)]
    public void Halves_go_to_even(double value, long whole) => Assert.Equal(whole, SoftDoubles.ToInt64(value));

    private static void Pair(float a, float b)
    {
        Same(a + b, SoftLanes.Add(a, b), a, b, 0);
        Same(a - b, SoftLanes.Subtract(a, b), a, b, 0);
        Same(a * b, SoftLanes.Multiply(a, b), a, b, 0);
        Same(a / b, SoftLanes.Divide(a, b), a, b, 0);
        Same(MathF.Sqrt(a), SoftLanes.Sqrt(a), a, b, 0);
        Same(a > b ? a : b, SoftLanes.Max(a, b), a, b, 0);
        Same(a < b ? a : b, SoftLanes.Min(a, b), a, b, 0);
        Assert.Equal(a > b, SingleToInt32Bits(SoftLanes.Greater(a, b)) != 0);
        Assert.Equal(a == b, SingleToInt32Bits(SoftLanes.Equal(a, b)) != 0);
    }

    private static void Same(float expected, float actual, float a, float b, float c)
    {
        bool isSame = float.IsNaN(expected)
            ? float.IsNaN(actual)
            : SingleToInt32Bits(expected) == SingleToInt32Bits(actual);
        if (!isSame)
            Assert.Fail($"{actual:R} instead of {expected:R} from {a:R}, {b:R}, {c:R}");
    }

    private static void SameDouble(double expected, double actual)
    {
        if (!(double.IsNaN(expected) && double.IsNaN(actual)) && DoubleToInt64Bits(expected) != DoubleToInt64Bits(actual))
            Assert.Fail($"{actual:R} instead of {expected:R}");
    }

    private static float Any(Random random) => Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));

    /// <summary>A number whose sum with another is interesting: of any size, or within a few powers of two.</summary>
    private static float Near(Random random, float other) => random.Next(3) switch
    {
        0 => Any(random),
        1 => -other,
        _ => other * (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-30, 30))),
    };

    private static double AnyDouble(Random random) => Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
}
