using Starling.Compute.Models;

namespace Starling.Tests.Compute.Models;

/// <summary>Models small enough for the scalar reference.</summary>
internal static class TinyModels
{
    public static DecoderConfig Llama(int heads = 4, int keyValueHeads = 4, int headSize = 4, int vocabulary = 11) => new()
    {
        Architecture = DecoderArchitecture.Llama,
        HiddenSize = 12,
        IntermediateSize = 20,
        Layers = 2,
        Heads = heads,
        KeyValueHeads = keyValueHeads,
        HeadSize = headSize,
        VocabularySize = vocabulary,
        MaxPositions = 600,
        InitializerRange = 0.3f,
    };

    public static DecoderConfig Qwen2() => Llama(keyValueHeads: 2) with
    {
        Architecture = DecoderArchitecture.Qwen2,
        AttentionInputBias = true,
        TieWordEmbeddings = true,
    };

    /// <summary>Llama with biases and each kind of rotary scaling.</summary>
    public static DecoderConfig[] Scaled() =>
    [
        .. ((RopeScaling[])
        [
            new(RopeScalingKind.Linear, 2.5f),
            new(RopeScalingKind.Llama3, 8) { LowTurns = 1, HighTurns = 4, OriginalPositions = 24 },
            new(RopeScalingKind.Yarn, 4) { LowTurns = 1, HighTurns = 3, OriginalPositions = 30, AttentionFactor = 1.25f },
        ]).Select(scaling => Llama(keyValueHeads: 2, headSize: 8) with
        {
            RopeScaling = scaling,
            AttentionInputBias = true,
            AttentionOutputBias = true,
            FeedForwardBias = true,
        }),
    ];

    public static DecoderConfig Gpt2(int heads = 3, int headSize = 4, int vocabulary = 11) => new()
    {
        Architecture = DecoderArchitecture.Gpt2,
        HiddenSize = heads * headSize,
        IntermediateSize = 20,
        Layers = 2,
        Heads = heads,
        KeyValueHeads = heads,
        HeadSize = headSize,
        VocabularySize = vocabulary,
        MaxPositions = 40,
        InitializerRange = 0.3f,
        AttentionInputBias = true,
        AttentionOutputBias = true,
        FeedForwardBias = true,
        TieWordEmbeddings = true,
    };
}
