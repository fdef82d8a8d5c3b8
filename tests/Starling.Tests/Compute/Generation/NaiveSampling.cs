using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Random;
using Starling.Compute.Generation;

namespace Starling.Tests.Compute.Generation;

/// <summary>The rule of docs/generation.md as it reads there, with a sort of the whole vocabulary.</summary>
internal static class NaiveSampling
{
    public static int Choose(float[] logits, GenerationSettings s, uint position, int[] prompt, int[] answer, bool[]? allowed)
    {
        float[] x = [.. logits];
        foreach (TokenBias bias in s.LogitBias)
            x[bias.Token] += bias.Bias;
        if (s.RepetitionPenalty != 1 || s.FrequencyPenalty != 0 || s.PresencePenalty != 0)
            foreach (int token in prompt.Concat(answer).Distinct())
                x[token] = Penalised(x[token], s, answer.Count(t => t == token));
        for (int i = 0; i < x.Length; i++)
            x[i] = allowed is null || allowed[i] ? x[i] : float.NegativeInfinity;
        int[] ranked = [.. Enumerable.Range(0, x.Length).OrderByDescending(i => x[i]).ThenBy(i => i)];
        if (float.IsNegativeInfinity(x[ranked[0]]))
            return -1;
        return s.Temperature < 1f / 1024 ? ranked[0] : Draw(x, s, position, ranked);
    }

    private static float Penalised(float x, GenerationSettings s, int times)
    {
        x = x > 0 ? x / s.RepetitionPenalty : x * s.RepetitionPenalty;
        float frequency = s.FrequencyPenalty * times;
        x -= frequency;
        return Math.Clamp(times > 0 ? x - s.PresencePenalty : x, -float.MaxValue, float.MaxValue);
    }

    private static int Draw(float[] x, GenerationSettings s, uint position, int[] ranked)
    {
        float factor = 1f / s.Temperature, max = x[ranked[0]];
        var weights = new ulong[x.Length];
        foreach (int token in s.TopK == 0 ? ranked : ranked.Take(s.TopK))
        {
            float difference = x[token] - max, scaled = difference * factor, weight = Functions.Exp(scaled);
            weights[token] = weight < s.MinP ? 0 : (ulong)((double)weight * Math.Pow(2, 30));
        }

        if (s.TopP < 1)
        {
            UInt128 total = weights.Aggregate((UInt128)0, (sum, w) => sum + w), sum = 0;
            UInt128 target = total * (UInt128)((double)s.TopP * Math.Pow(2, 32)) / ((UInt128)1 << 32);
            bool reached = false;
            foreach (int token in ranked)
            {
                if (reached)
                    weights[token] = 0;
                sum += weights[token];
                reached |= sum >= target;
            }
        }

        return At(weights, s, position);
    }

    private static int At(ulong[] weights, GenerationSettings s, uint position)
    {
        Philox random = new(s.Seed, 3, position);
        ulong words = ((ulong)random.UInt32(4UL * s.Choice) << 32) | random.UInt32((4UL * s.Choice) + 1);
        UInt128 total = weights.Aggregate((UInt128)0, (sum, w) => sum + w), drawn = (words * total) >> 64, sum = 0;
        for (int i = 0; ; i++)
            if ((sum += weights[i]) > drawn)
                return i;
    }
}
