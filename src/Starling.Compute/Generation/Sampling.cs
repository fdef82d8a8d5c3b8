using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Random;
using Starling.Compute.Training;

namespace Starling.Compute.Generation;

/// <summary>Chooses the next token from logits, with the same result on every machine.</summary>
public static class Sampling
{
    /// <summary>Index of the largest logit, the lowest index among equals.</summary>
    public static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best])
                best = i;
        return best;
    }

    /// <summary>The token for <paramref name="position"/>, drawn as the settings say.</summary>
    public static int Next(ReadOnlySpan<float> logits, GenerationSettings settings, long position)
    {
        if (settings.Temperature <= 0)
            return Largest(logits);
        int[] order = Descending(logits);
        int count = settings.TopK > 0 ? Math.Min(settings.TopK, order.Length) : order.Length;
        var sums = new float[count];
        float sum = 0, largest = logits[order[0]];
        for (int i = 0; i < count; i++)
        {
            sum += Functions.Exp((logits[order[i]] - largest) / settings.Temperature);
            sums[i] = sum;
        }

        count = FirstAtLeast(sums.AsSpan(0, count), settings.TopP * sum) + 1;
        Philox random = new(settings.Seed, (uint)Purpose.Sample, checked((uint)position));
        return order[FirstAbove(sums.AsSpan(0, count), random.Uniform(0) * sums[count - 1])];
    }

    private static int[] Descending(ReadOnlySpan<float> logits)
    {
        var keys = new float[logits.Length];
        var order = new int[logits.Length];
        for (int i = 0; i < order.Length; i++)
            (keys[i], order[i]) = (logits[i], i);
        Array.Sort(order, (a, b) => keys[b].CompareTo(keys[a]) is var byLogit and not 0 ? byLogit : a.CompareTo(b));
        return order;
    }

    private static int FirstAtLeast(ReadOnlySpan<float> sums, float bound)
    {
        for (int i = 0; i < sums.Length; i++)
            if (sums[i] >= bound)
                return i;
        return sums.Length - 1;
    }

    private static int FirstAbove(ReadOnlySpan<float> sums, float bound)
    {
        for (int i = 0; i < sums.Length; i++)
            if (sums[i] > bound)
                return i;
        return sums.Length - 1;
    }
}
