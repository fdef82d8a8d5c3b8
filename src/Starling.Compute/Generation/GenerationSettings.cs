namespace Starling.Compute.Generation;

/// <summary>How tokens are chosen. The defaults are greedy.</summary>
public sealed record GenerationSettings
{
    public int MaxNewTokens { get; init; } = 200;

    /// <summary>0 takes the largest logit; otherwise logits are divided by it before the draw.</summary>
    public float Temperature { get; init; }

    /// <summary>Draw among this many most likely tokens; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Draw among the fewest tokens whose probabilities reach this sum; 1 for all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>The draw at a position is a function of the seed and the position alone.</summary>
    public ulong Seed { get; init; }
}
