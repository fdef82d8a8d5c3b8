namespace Starling.Compute.Models;

/// <summary>What a family of decoders calls its sizes in <c>config.json</c>; null for a size that it cannot choose.</summary>
public sealed record DecoderKeys
{
    public string HiddenSize { get; init; } = "hidden_size";

    public string IntermediateSize { get; init; } = "intermediate_size";

    public string Layers { get; init; } = "num_hidden_layers";

    public string Heads { get; init; } = "num_attention_heads";

    public string? KeyValueHeads { get; init; } = "num_key_value_heads";

    public string? HeadSize { get; init; } = "head_dim";

    public string MaxPositions { get; init; } = "max_position_embeddings";

    public string NormEpsilon { get; init; } = "rms_norm_eps";

    public string Activation { get; init; } = "hidden_act";

    /// <summary>Biases of all four projections of the attention; null where the architecture decides.</summary>
    public string? AttentionBias { get; init; }

    /// <summary>Biases of the feed-forward part; null where the architecture decides.</summary>
    public string? FeedForwardBias { get; init; }
}
