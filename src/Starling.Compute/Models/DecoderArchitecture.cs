namespace Starling.Compute.Models;

/// <summary>Normalisation before attention and feed-forward.</summary>
public enum NormKind
{
    Rms = 0,
    Layer = 1,
}

/// <summary>How a decoder knows positions.</summary>
public enum PositionKind
{
    Rotary = 0,
    Learned = 1,
}

/// <summary>The feed-forward part of a layer.</summary>
public enum FeedForwardKind
{
    SwiGlu = 0,
    Gelu = 1,
}

/// <summary>
/// What distinguishes one family of decoder-only transformers from another, as data: one builder reads it. Names are
/// those of the Hugging Face layout, below the layer's prefix.
/// </summary>
public sealed record DecoderArchitecture
{
    public required string ModelType { get; init; }

    /// <summary>Value of <c>architectures</c> in an exported <c>config.json</c>.</summary>
    public required string ClassName { get; init; }

    public NormKind Norm { get; init; }

    public PositionKind Positions { get; init; }

    public FeedForwardKind FeedForward { get; init; }

    /// <summary>Whether query, key and value projections have biases.</summary>
    public bool AttentionInputBias { get; init; }

    /// <summary>Whether the attention's output and the feed-forward projections have biases.</summary>
    public bool ProjectionBias { get; init; }

    public string TokenEmbedding { get; init; } = "model.embed_tokens";

    public string PositionEmbedding { get; init; } = "model.embed_positions";

    public string LayerPrefix { get; init; } = "model.layers.";

    public string InputNorm { get; init; } = "input_layernorm";

    public string Query { get; init; } = "self_attn.q_proj";

    public string Key { get; init; } = "self_attn.k_proj";

    public string Value { get; init; } = "self_attn.v_proj";

    public string AttentionOutput { get; init; } = "self_attn.o_proj";

    public string FeedForwardNorm { get; init; } = "post_attention_layernorm";

    /// <summary>The gated branch; unused by <see cref="FeedForwardKind.Gelu"/>.</summary>
    public string Gate { get; init; } = "mlp.gate_proj";

    public string Up { get; init; } = "mlp.up_proj";

    public string Down { get; init; } = "mlp.down_proj";

    public string FinalNorm { get; init; } = "model.norm";

    public string Head { get; init; } = "lm_head";

    public static DecoderArchitecture Llama { get; } =
        new() { ModelType = "llama", ClassName = "LlamaForCausalLM" };
}
