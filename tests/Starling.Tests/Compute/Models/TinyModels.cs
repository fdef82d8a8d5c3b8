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
