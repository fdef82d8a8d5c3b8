using Starling.Arithmetic;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Generation;

public sealed class SamplingTests : IDisposable
{
    private static readonly float[] Logits = [0, 2, 1, 2, -5];
    private readonly TokenSampler small = new(Logits.Length);

    [Fact]
    public void GreedyTakesTheFirstOfTheLargest() => Assert.Equal(1, small.Choose(Logits, new GenerationSettings(), 0));

    [Fact]
    public void TopKLeavesOnlyTheMostLikely() =>
        Assert.Equal([1, 3], Drawn(new GenerationSettings { Temperature = 1, TopK = 2 }));

    [Fact]
    public void TiesAreCutById() => Assert.Equal([1], Drawn(new GenerationSettings { Temperature = 1, TopK = 1 }));

    [Fact]
    public void TopPLeavesTheFewestThatReachTheSum()
    {
        Assert.Equal([1, 2, 3], Drawn(new GenerationSettings { Temperature = 1, TopP = 0.9f }));
        Assert.Equal([1], Drawn(new GenerationSettings { Temperature = 1, TopP = 0 }));
    }

    [Fact]
    public void MinPLeavesWhatIsLikelyEnough() =>
        Assert.Equal([1, 2, 3], Drawn(new GenerationSettings { Temperature = 1, MinP = 0.3f }));

    [Fact]
    public void FrequenciesFollowTheSoftmax()
    {
        GenerationSettings settings = new() { Temperature = 0.5f, Seed = 9 };
        double total = Logits.Sum(logit => Math.Pow(Math.E, logit / 0.5)), expected = Math.Pow(Math.E, 1 / 0.5) / total;
        int hits = Enumerable.Range(0, 20000).Count(position => small.Choose(Logits, settings, (uint)position) == 2);
        Assert.InRange(hits / 20000.0, expected - 0.01, expected + 0.01);
    }

    [Fact]
    public void ChoicesAreDrawnApart()
    {
        GenerationSettings settings = new() { Temperature = 1 };
        int[] first = Sequence(settings), second = Sequence(settings with { Choice = 1 });
        Assert.Equal(first, Sequence(settings));
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData(VectorWidth.Scalar, 11, 1)]
    [InlineData(VectorWidth.V128, 300, 2)]
    [InlineData(VectorWidth.V256, 3000, 3)]
    [InlineData(VectorWidth.V512, 3001, 4)]
    public void EveryWidthChoosesAsTheRuleReads(VectorWidth width, int size, int seed)
    {
        using TokenSampler sampler = new(size, width);
        Random random = new(seed);
        for (int round = 0; round < 60; round++)
        {
            float[] logits = Row(random, size, round);
            GenerationSettings settings = Any(random, size);
            Assert.Empty(settings.Check(size));
            int[] prompt = Some(random, size, 30), answer = Some(random, size, 30);
            bool[]? allowed = random.Next(3) > 0 ? null : [.. logits.Select(_ => random.Next(2) == 0)];
            TokenCounts counts = new(size, 60);
            Array.ForEach(prompt, counts.AddPrompt);
            Array.ForEach(answer, counts.AddAnswer);
            int expected = NaiveSampling.Choose(logits, settings, (uint)round, prompt, answer, allowed);
            int token = sampler.Choose(
                logits, settings, (uint)round, counts, allowed is null ? null : new Allowed(allowed));
            Assert.True(expected == token, $"seed {seed}, round {round}: {token} instead of {expected} by {settings}");
        }
    }

    [Fact]
    public void LogprobsAreThoseOfTheUnchangedLogits()
    {
        var top = new TokenLogprob[3];
        float chosen = small.Logprob(Logits, 4, top);
        double sum = Math.Log(Logits.Sum(logit => Math.Pow(Math.E, logit)));
        Assert.Equal(-5 - sum, chosen, 5);
        Assert.Equal([1, 3, 2], top.Select(entry => entry.Token));
        Assert.Equal(2 - sum, top[0].Logprob, 5);
        Assert.Equal(1 - sum, top[2].Logprob, 5);
    }

    [Theory]
    [InlineData(VectorWidth.Scalar)]
    [InlineData(VectorWidth.V128)]
    [InlineData(VectorWidth.V512)]
    public void LogprobsHaveTheSameBitsAtEveryWidth(VectorWidth width)
    {
        const int size = 1003;
        using TokenSampler sampler = new(size, width), other = new(size, VectorWidth.V256);
        float[] logits = Numbers.Normal(new Shape(1, size), seed: 6, tensor: 0, scale: 4);
        TokenLogprob[] top = new TokenLogprob[20], expected = new TokenLogprob[20];
        Assert.Equal(other.Logprob(logits, 77, expected), sampler.Logprob(logits, 77, top));
        Assert.Equal(expected, top);
        Assert.Equal(
            Enumerable.Range(0, size).OrderByDescending(i => logits[i]).Take(20), top.Select(entry => entry.Token));
    }

    public void Dispose() => small.Dispose();

    private int[] Drawn(GenerationSettings settings) =>
        [.. Enumerable.Range(0, 400).Select(position => small.Choose(Logits, settings, (uint)position)).Distinct().Order()];

    private int[] Sequence(GenerationSettings settings) =>
        [.. Enumerable.Range(0, 50).Select(position => small.Choose(Logits, settings, (uint)position))];

    /// <summary>Rows with ties, signed zeros, far tails and huge numbers among ordinary ones.</summary>
    private static float[] Row(Random random, int size, int round) => (round % 4) switch
    {
        0 => [.. Enumerable.Range(0, size).Select(_ => (float)random.Next(-3, 4) * (random.Next(2) - 0.5f))],
        1 => [.. Enumerable.Range(0, size).Select(_ => (random.NextSingle() - 0.5f) * 200)],
        2 => [.. Enumerable.Range(0, size).Select(_ => MathF.Pow(random.NextSingle() - 0.5f, 3) * 1e37f)],
        _ => Numbers.Normal(new Shape(1, size), (ulong)random.Next(), 0, scale: 3),
    };

    private static GenerationSettings Any(Random random, int size) => new()
    {
        Temperature = random.Next(8) == 0 ? 0 : 0.05f + (random.NextSingle() * 3),
        TopK = random.Next(3) switch { 0 => 0, 1 => random.Next(1, 9), _ => random.Next(1, 2 * size) },
        TopP = random.Next(2) == 0 ? 1 : random.NextSingle(),
        MinP = random.Next(2) == 0 ? 0 : random.NextSingle() * 0.3f,
        RepetitionPenalty = random.Next(2) == 0 ? 1 : 0.5f + random.NextSingle(),
        FrequencyPenalty = random.Next(2) == 0 ? 0 : (random.NextSingle() * 4) - 2,
        PresencePenalty = random.Next(2) == 0 ? 0 : (random.NextSingle() * 4) - 2,
        LogitBias = random.Next(2) == 0 ? [] : [new(random.Next(size / 2), 3), new((size / 2) + random.Next(size / 2), -100)],
        Seed = (ulong)random.NextInt64(),
        Choice = (uint)random.Next(3),
    };

    private static int[] Some(Random random, int size, int count) =>
        [.. Enumerable.Range(0, random.Next(count)).Select(_ => random.Next(size))];

    private sealed class Allowed(bool[] tokens) : ITokenConstraint
    {
        public void Allow(Span<ulong> allowed)
        {
            for (int i = 0; i < tokens.Length; i++)
                allowed[i / 64] |= tokens[i] ? 1UL << (i % 64) : 0;
        }

        public void Accept(int token)
        {
        }
    }
}
