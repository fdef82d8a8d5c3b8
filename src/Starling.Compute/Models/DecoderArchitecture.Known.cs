namespace Starling.Compute.Models;

/// <summary>The families that load and train, each from its published definition.</summary>
public sealed partial record DecoderArchitecture
{
    public static DecoderArchitecture Llama { get; } = new()
    {
        ModelType = "llama",
        ClassName = "LlamaForCausalLM",
        Keys = new DecoderKeys { AttentionBias = "attention_bias", FeedForwardBias = "mlp_bias" },
    };

    public static DecoderArchitecture Qwen2 { get; } = new()
    {
        ModelType = "qwen2",
        ClassName = "Qwen2ForCausalLM",
        AttentionInputBias = true,
        FixedKeys = [new("use_sliding_window", "false")],
    };

    public static DecoderArchitecture Gpt2 { get; } = new()
    {
        ModelType = "gpt2",
        ClassName = "GPT2LMHeadModel",
        Keys = new DecoderKeys
        {
            HiddenSize = "n_embd",
            IntermediateSize = "n_inner",
            Layers = "n_layer",
            Heads = "n_head",
            KeyValueHeads = null,
            HeadSize = null,
            MaxPositions = "n_positions",
            NormEpsilon = "layer_norm_epsilon",
            Activation = "activation_function",
        },
        Norm = NormKind.Layer,
        Positions = PositionKind.Learned,
        FeedForward = FeedForwardKind.Gelu,
        Activations = ["gelu_new", "gelu_pytorch_tanh", "gelu_fast"],
        AttentionInputBias = true,
        AttentionOutputBias = true,
        FeedForwardBias = true,
        TiesWordEmbeddings = true,
        DefaultMaxPositions = 1024,
        FixedKeys =
        [
            new("scale_attn_weights", "true"),
            new("scale_attn_by_inverse_layer_idx", "false"),
            new("add_cross_attention", "false"),
        ],
        StoresInputsFirst = true,
        FusedAttentionInput = "attn.c_attn",
        BodyPrefix = "transformer.",
        IgnoredTensors = [".attn.bias", ".attn.masked_bias"],
        TokenEmbedding = "transformer.wte",
        PositionEmbedding = "transformer.wpe",
        LayerPrefix = "transformer.h.",
        InputNorm = "ln_1",
        Query = "attn.q_proj",
        Key = "attn.k_proj",
        Value = "attn.v_proj",
        AttentionOutput = "attn.c_proj",
        FeedForwardNorm = "ln_2",
        Up = "mlp.c_fc",
        Down = "mlp.c_proj",
        FinalNorm = "transformer.ln_f",
    };

    internal static IReadOnlyList<DecoderArchitecture> Known { get; } = [Llama, Qwen2, Gpt2];

    internal static DecoderArchitecture? Find(string modelType) =>
        Known.FirstOrDefault(architecture => architecture.ModelType == modelType);
}
