namespace Starling.Compute.Generation;

/// <summary>Choices that need no working memory.</summary>
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
}
