using Starling.Arithmetic.Random;
using Xunit;

namespace Starling.Tests.Arithmetic;

public sealed class PhiloxTests
{
    [Fact]
    public void Known_answers_of_Random123()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Generate(0, 0, 0, 0, 0, 0));
        Assert.Equal(
            (0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
            Philox.Generate(~0u, ~0u, ~0u, ~0u, ~0u, ~0u));
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Generate(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Fact]
    public void A_draw_is_a_word_of_its_block()
    {
        var random = new Philox(0x0123456789abcdef, 7, 9);
        var block = Philox.Generate(3, 1, 9, 7, 0x89abcdef, 0x01234567);
        Assert.Equal(block, random.Block((1UL << 32) + 3));
        Assert.Equal(block.W2, random.UInt32((((1UL << 32) + 3) * 4) + 2));
    }

    [Fact]
    public void Moments_are_those_of_the_distributions()
    {
        var random = new Philox(1, 2, 3);
        const int n = 100_000;
        double uniform = 0, mean = 0, square = 0, fourth = 0;
        for (ulong i = 0; i < n; i++)
        {
            uniform += random.Uniform(i);
            double z = random.Normal(i);
            mean += z;
            square += z * z;
            fourth += z * z * z * z;
            Assert.InRange(random.Uniform(i), 0f, 0.99999994f);
            Assert.InRange(random.Below(i, 10), 0u, 9u);
        }

        Assert.Equal(0.5, uniform / n, 0.005);
        Assert.Equal(0.0, mean / n, 0.015);
        Assert.Equal(1.0, square / n, 0.02);
        Assert.Equal(3.0, fourth / n, 0.15);
    }

    [Fact]
    public void Normal_bits_are_frozen()
    {
        var random = new Philox(42, 1, 0);
        uint[] bits = [.. Enumerable.Range(0, 4).Select(i => BitConverter.SingleToUInt32Bits(random.Normal((ulong)i)))];
        Assert.Equal([3218637044, 3213944407, 1051130447, 3216662100], bits);
    }
}
