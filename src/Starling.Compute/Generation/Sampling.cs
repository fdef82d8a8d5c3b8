using System.Numerics;

namespace Starling.Compute.Generation;

/// <summary>Choices that need no working memory.</summary>
public static class Sampling
{
    /// <summary>Index of the largest logit, the lowest index among equals.</summary>
    public static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0, i = 1;
        for (; i <= logits.Length - Vector<float>.Count; i += Vector<float>.Count)
            if (Vector.GreaterThanAny(new Vector<float>(logits[i..]), new Vector<float>(logits[best])))
                best = Largest(logits, best, i, i + Vector<float>.Count);
        return Largest(logits, best, i, logits.Length);
    }

    private static int Largest(ReadOnlySpan<float> logits, int best, int from, int to)
    {
        for (int i = from; i < to; i++)
            if (logits[i] > logits[best])
                best = i;
        return best;
    }
}
