using Starling.Arithmetic.Refereeing;
using Starling.Compute.Generation;
using Starling.Programs.Answers;
using Xunit;

namespace Starling.Tests.Compute.Generation;

/// <summary>The referee's rule gives the sampler's token, whatever the settings.</summary>
public class TokenRuleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(5_003)]
    public void The_referee_draws_the_token_that_the_sampler_draws(int size)
    {
        const int Seed = 17;
        Random random = new(Seed);
        using TokenSampler sampler = new(size);
        for (int trial = 0; trial < 150; trial++)
        {
            float[] logits = [.. Enumerable.Range(0, size).Select(_ => Logit(random))];
            int[] tokens = [.. Enumerable.Range(0, 1 + random.Next(30)).Select(_ => random.Next(size))];
            int prompt = 1 + random.Next(tokens.Length);
            GenerationSettings settings = Settings(random, size);
            TokenCounts counts = new(size, tokens.Length);
            for (int i = 0; i < tokens.Length; i++)
                if (i < prompt)
                    counts.AddPrompt(tokens[i]);
                else
                    counts.AddAnswer(tokens[i]);
            int expected = sampler.Choose(logits, settings, (uint)tokens.Length, counts);
            int actual = TokenRule.Choose(logits, AnswerRequests.ToSampling(settings), tokens, prompt);
            Assert.True(expected == actual, $"seed {Seed}, trial {trial}: {actual} instead of {expected} with {settings}");
        }
    }

    [Fact]
    public void Logits_that_are_not_finite_give_no_token() => Assert.All(
        new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity },
        bad => Assert.Equal(-1, TokenRule.Choose([1, bad], new(), [0], 1)));

    private static float Logit(Random random) => random.Next(12) switch
    {
        0 => 0f,
        1 => -0f,
        2 => float.Epsilon,
        3 => float.MaxValue,
        4 => 2.5f,
        _ => (random.NextSingle() - 0.5f) * 20,
    };

    private static GenerationSettings Settings(Random random, int size) => new()
    {
        Temperature = random.Next(5) == 0 ? 0 : random.NextSingle() * 3,
        TopK = random.Next(2) == 0 ? 0 : random.Next(size + 3),
        TopP = random.Next(2) == 0 ? 1 : random.NextSingle(),
        MinP = random.Next(2) == 0 ? 0 : random.NextSingle(),
        RepetitionPenalty = random.Next(2) == 0 ? 1 : 0.01f + random.NextSingle(),
        FrequencyPenalty = random.Next(2) == 0 ? 0 : (random.NextSingle() * 4) - 2,
        PresencePenalty = random.Next(2) == 0 ? 0 : (random.NextSingle() * 4) - 2,
        LogitBias = random.Next(2) == 0 ? [] : [new(random.Next(size), (random.NextSingle() * 200) - 100)],
        Seed = (ulong)random.NextInt64(),
        Choice = (uint)random.Next(3),
    };
}
