using System.Globalization;
using System.Runtime.Intrinsics;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using Xunit;

namespace Starling.Tests.Arithmetic;

public sealed class ElementaryTests
{
    private static readonly Dictionary<string, (Func<float, float> Ours, Func<double, double> Exact)> Functions = new()
    {
        ["exp"] = (Starling.Arithmetic.Elementary.Functions.Exp, Math.Exp),
        ["log"] = (Starling.Arithmetic.Elementary.Functions.Log, Math.Log),
        ["tanh"] = (Starling.Arithmetic.Elementary.Functions.Tanh, Math.Tanh),
        ["sigmoid"] = (Starling.Arithmetic.Elementary.Functions.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
        ["sin"] = (Starling.Arithmetic.Elementary.Functions.Sin, Math.Sin),
        ["cos"] = (Starling.Arithmetic.Elementary.Functions.Cos, Math.Cos),
        ["rsqrt"] = (Starling.Arithmetic.Elementary.Functions.ReciprocalSqrt, x => 1 / Math.Sqrt(x)),
    };

    /// <summary>Bits in, bits out, as first released: lines of "function input output". They never change.</summary>
    [Fact]
    public void Golden_bits()
    {
        var lines = File.ReadAllLines(Vectors());
        Assert.True(lines.Length > 400);
        foreach (string line in lines)
        {
            string[] parts = line.Split(' ');
            uint input = uint.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            float output = Functions[parts[0]].Ours(BitConverter.UInt32BitsToSingle(input));
            Assert.Equal(line, $"{parts[0]} {input:x8} {BitConverter.SingleToUInt32Bits(output):x8}");
        }
    }

    /// <summary>Largest error in units of the last place, on bit patterns spread over the range.</summary>
    [Theory]
    [InlineData("exp", -87.3f, 88.7f, 1.0)]
    [InlineData("log", 1.1754944e-38f, 3.4e38f, 0.9)]
    [InlineData("tanh", -20f, 20f, 1.4)]
    [InlineData("sigmoid", -87f, 40f, 2.2)]
    [InlineData("sin", -100000f, 100000f, 1.5)]
    [InlineData("cos", -100000f, 100000f, 1.5)]
    [InlineData("rsqrt", 1.1754944e-38f, 3.4e38f, 1.5)]
    public void Accuracy(string name, float low, float high, double limit)
    {
        var (ours, exact) = Functions[name];
        double worst = 0;
        float at = 0;
        for (long bits = int.MinValue; bits <= int.MaxValue; bits += 20011)
        {
            float x = BitConverter.Int32BitsToSingle((int)bits);
            if (!(x >= low && x <= high))
                continue;
            double want = exact(x), error = Math.Abs(ours(x) - want) / Ulp(want);
            (worst, at) = error > worst ? (error, x) : (worst, at);
        }

        Assert.True(worst <= limit, $"{name}({at:r}) is off by {worst:f3} ulp");
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {worst:f3} ulp at {at:r}");
    }

    [Fact]
    public void Every_width_has_the_same_bits()
    {
        for (long bits = int.MinValue; bits <= int.MaxValue; bits += 1000003)
        {
            float x = BitConverter.Int32BitsToSingle((int)bits);
            Assert.Equal(All<Lanes1, float>(x, v => v), All<Lanes128, Vector128<float>>(x, v => v[3]));
            Assert.Equal(All<Lanes1, float>(x, v => v), All<Lanes256, Vector256<float>>(x, v => v[7]));
            Assert.Equal(All<Lanes1, float>(x, v => v), All<Lanes512, Vector512<float>>(x, v => v[15]));
        }
    }

    [Fact]
    public void The_short_exponential_has_the_bits_of_the_whole_one()
    {
        for (long bits = int.MinValue; bits <= 0; bits += 20011)
        {
            float x = BitConverter.Int32BitsToSingle((int)bits), e = Exponential.ExpOfNegative<Lanes1, float>(x);
            Assert.Equal(BitConverter.SingleToUInt32Bits(Exponential.Exp<Lanes1, float>(x)), BitConverter.SingleToUInt32Bits(e));
        }
    }

    [Fact]
    public void Rotary_frequencies_are_correctly_rounded_powers()
    {
        foreach (float theta in new[] { 1f, 10000f, 500000f, 1e6f })
            foreach (int size in new[] { 2, 32, 64, 128 })
                for (int i = 0; i < size / 2; i++)
                    Assert.Equal((float)Math.Pow(theta, -2.0 * i / size), RotaryFrequency.Of(Rope(theta, size), i));
    }

    /// <summary>As transformers computes llama3 and linear scaling.</summary>
    [Fact]
    public void Scaled_frequencies_are_those_of_their_definitions()
    {
        foreach (float theta in new[] { 10000f, 500000f })
            for (int i = 0; i < 32; i++)
            {
                double plain = Math.Pow(theta, -2.0 * i / 64), wavelength = 2 * Math.PI / plain;
                double smooth = ((8192 / wavelength) - 1) / (4 - 1);
                double llama3 = wavelength > 8192.0 / 1 ? plain / 8
                    : wavelength < 8192.0 / 4 ? plain
                    : ((1 - smooth) * plain / 8) + (smooth * plain);
                Operator rope = Rope(theta, 64) with { Factor = 8 };
                Assert.Equal((float)(plain / 8), RotaryFrequency.Of(rope, i));
                float ours = RotaryFrequency.Of(rope with { RampStart = 1, RampEnd = 4, Context = 8192 }, i);
                Assert.InRange(ours, llama3 * (1 - 1e-7), llama3 * (1 + 1e-7));
                double ramp = Math.Clamp((i - 10) / 9.0, 0, 1);
                float byPair = RotaryFrequency.Of(rope with { RampStart = 19, RampEnd = 10 }, i);
                double yarn = (plain / 8 * ramp) + (plain * (1 - ramp));
                Assert.InRange(byPair, yarn * (1 - 1e-7), yarn * (1 + 1e-7));
            }
    }

    private static Operator Rope(float theta, int size) =>
        new(OperatorKind.Rope) { Base = theta, HeadSize = size };

    private static string Vectors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "tests", "vectors", "arithmetic", "elementary.txt");
            if (File.Exists(path))
                return path;
        }

        throw new FileNotFoundException("tests/vectors/arithmetic/elementary.txt is in no folder above the tests");
    }

    private static uint[] All<L, V>(float x, Func<V, float> one)
        where L : struct, ILanes<V>
        where V : struct
    {
        V v = L.Broadcast(x);
        V[] results =
        [
            Exponential.Exp<L, V>(v), Exponential.Sigmoid<L, V>(v), Logarithm.Log<L, V>(v), Hyperbolic.Tanh<L, V>(v),
            Trigonometry.Sin<L, V>(v), Trigonometry.Cos<L, V>(v),
        ];
        return Array.ConvertAll(results, result => BitConverter.SingleToUInt32Bits(one(result)));
    }

    private static double Ulp(double x)
    {
        float f = MathF.Max(MathF.Abs((float)x), 1.1754944e-38f);
        return Math.Pow(2, Math.ILogB(f) - 23);
    }
}
