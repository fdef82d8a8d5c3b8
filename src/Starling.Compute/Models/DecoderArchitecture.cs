namespace Starling.Compute.Models;

/// <summary>
/// What distinguishes one family of decoder-only transformers from another, as data: one reader of configurations, one
/// builder of graphs and one mapping of checkpoints read it. Names of tensors are those of the published layout, below
/// the layer's prefix.
/// </summary>
public sealed partial record DecoderArchitecture
{
    public required string ModelType { get; init; }

    /// <summary>Value of <c>architectures</c> in an exported <c>config.json</c>.</summary>
    public required string ClassName { get; init; }

    public DecoderKeys Keys { get; init; } = new();

    public NormKind Norm { get; init; }

    public PositionKind Positions { get; init; }

    public FeedForwardKind FeedForward { get; init; }

    /// <summary>Names of the one activation that the feed-forward part has; an export writes the first.</summary>
    public IReadOnlyList<string> Activations { get; init; } = ["silu", "swish"];

    /// <summary>Whether query, key and value have biases, where no key decides.</summary>
    public bool AttentionInputBias { get; init; }

    /// <summary>Whether the attention's output has a bias, where no key decides.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the feed-forward part has biases, where no key decides.</summary>
    public bool FeedForwardBias { get; init; }

    public bool TiesWordEmbeddings { get; init; }

    public int DefaultMaxPositions { get; init; } = 2048;

    /// <summary>Keys that change the arithmetic, each with the one value that is computed here.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> FixedKeys { get; init; } = [];

    /// <summary>Whether checkpoints store the weights of projections as (in, out) instead of (out, in).</summary>
    public bool StoresInputsFirst { get; init; }

    /// <summary>The one tensor in which checkpoints store query, key and value side by side; null where they are three.</summary>
    public string? FusedAttentionInput { get; init; }

    /// <summary>The prefix that files of the model without its head leave out.</summary>
    public string BodyPrefix { get; init; } = "model.";

    /// <summary>Ends of names of tensors that old files carry and that follow from the configuration.</summary>
    public IReadOnlyList<string> IgnoredTensors { get; init; } = [".rotary_emb.inv_freq"];

    public string TokenEmbedding { get; init; } = "model.embed_tokens";

    public string PositionEmbedding { get; init; } = "";

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
}
