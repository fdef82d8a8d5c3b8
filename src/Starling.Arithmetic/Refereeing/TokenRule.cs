using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Random;
using Starling.Protocol.Answers;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// The token that follows from a row of logits, by the rule of docs/generation.md as it reads there: what decides a
/// dispute about a draw. One exponential and one comparison sort of the vocabulary at most.
/// </summary>
public static class TokenRule
{
    private const float LeastTemperature = 1f / 1024;
    private const float Scale = 1 << 30;
    private const uint Purpose = 3;

    /// <param name="logits">One per token of the vocabulary.</param>
    /// <param name="sampling">Tokens that it names are within the vocabulary.</param>
    /// <param name="tokens">All tokens before the one asked for.</param>
    /// <param name="prompt">How many of them are the prompt's.</param>
    /// <returns>-1 where the logits are not finite.</returns>
    public static int Choose(ReadOnlySpan<float> logits, AnswerSampling sampling, ReadOnlySpan<int> tokens, int prompt)
    {
        foreach (var logit in logits)
        {
            if (!float.IsFinite(logit))
                return -1;
        }

        var x = Adjust(logits, sampling, tokens, prompt);
        var likeliest = 0;
        for (var i = 1; i < x.Length; i++)
            likeliest = x[i] > x[likeliest] ? i : likeliest;
        return sampling.Temperature < LeastTemperature
            ? likeliest
            : Draw(Weights(x, x[likeliest], sampling), sampling, (uint)tokens.Length);
    }

    private static float[] Adjust(ReadOnlySpan<float> logits, AnswerSampling sampling, ReadOnlySpan<int> tokens, int prompt)
    {
        var x = logits.ToArray();
        foreach (var bias in sampling.Biases)
            x[bias.Token] += bias.Bias;
        if (sampling is { RepetitionPenalty: 1, FrequencyPenalty: 0, PresencePenalty: 0 })
            return x;
        var counts = new Dictionary<int, int>();
        for (var i = 0; i < tokens.Length; i++)
            counts[tokens[i]] = counts.GetValueOrDefault(tokens[i]) + (i >= prompt ? 1 : 0);
        foreach (var (token, times) in counts)
        {
            var y = x[token] > 0 ? x[token] / sampling.RepetitionPenalty : x[token] * sampling.RepetitionPenalty;
            var frequency = sampling.FrequencyPenalty * times;
            y -= frequency;
            y = times > 0 ? y - sampling.PresencePenalty : y;
            x[token] = Math.Clamp(y, -float.MaxValue, float.MaxValue);
        }

        return x;
    }

    private static long[] Weights(float[] x, float max, AnswerSampling sampling)
    {
        var factor = 1f / sampling.Temperature;
        var weights = new long[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var below = x[i] - max;
            var exponential = Functions.Exp(below * factor);
            weights[i] = exponential < sampling.MinP ? 0 : (long)(exponential * Scale);
        }

        var first = sampling.TopK > 0 && sampling.TopK < x.Length;
        if (first || sampling.TopP < 1)
            Limit(x, weights, first ? sampling.TopK : x.Length, sampling.TopP);
        return weights;
    }

    private static void Limit(float[] x, long[] weights, int count, float share)
    {
        var ranked = new int[x.Length];
        for (var i = 0; i < ranked.Length; i++)
            ranked[i] = i;
        Array.Sort(ranked, (a, b) => x[a] == x[b] ? a.CompareTo(b) : x[b].CompareTo(x[a]));
        foreach (var token in ranked.AsSpan(count))
            weights[token] = 0;
        if (share >= 1)
            return;
        var total = weights.Sum();
        var target = (long)(((UInt128)total * (ulong)(share * 4294967296f)) >> 32);
        var (kept, sum) = (0, 0L);
        do
            sum += weights[ranked[kept++]];
        while (sum < target);
        foreach (var token in ranked.AsSpan(kept))
            weights[token] = 0;
    }

    private static int Draw(long[] weights, AnswerSampling sampling, uint position)
    {
        var (high, low, _, _) = new Philox(sampling.Seed, Purpose, position).Block(sampling.Choice);
        var left = (long)Math.BigMul(((ulong)high << 32) | low, (ulong)weights.Sum(), out _);
        var token = 0;
        while (left >= weights[token])
            left -= weights[token++];
        return token;
    }
}
