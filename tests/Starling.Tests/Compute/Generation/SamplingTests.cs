using Starling.Compute.Generation;
using Xunit;

namespace Starling.Tests.Compute.Generation;

public class SamplingTests
{
    private static readonly float[] Logits = [0, 2, 1, 2, -5];

    [Fact]
    public void GreedyTakesTheFirstOfTheLargest() => Assert.Equal(1, Sampling.Next(Logits, new GenerationSettings(), 0));

    [Fact]
    public void TopKLeavesOnlyTheMostLikely() =>
        Assert.Equal([1, 3], Drawn(new GenerationSettings { Temperature = 1, TopK = 2 }));

    [Fact]
    public void TopPLeavesTheFewestThatReachTheSum() =>
        Assert.Equal([1, 2, 3], Drawn(new GenerationSettings { Temperature = 1, TopP = 0.9f }));

    [Fact]
    public void FrequenciesFollowTheSoftmax()
    {
        GenerationSettings settings = new() { Temperature = 0.5f, Seed = 9 };
        double total = Logits.Sum(logit => Math.Pow(Math.E, logit / 0.5)), expected = Math.Pow(Math.E, 1 / 0.5) / total;
        int hits = Enumerable.Range(0, 20000).Count(position => Sampling.Next(Logits, settings, position) == 2);
        Assert.InRange(hits / 20000.0, expected - 0.01, expected + 0.01);
    }

    private static int[] Drawn(GenerationSettings settings) =>
        [.. Enumerable.Range(0, 400).Select(position => Sampling.Next(Logits, settings, position)).Distinct().Order()];
}
