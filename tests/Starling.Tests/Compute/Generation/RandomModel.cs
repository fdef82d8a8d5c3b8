using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Tests.Compute.Graphs;

namespace Starling.Tests.Compute.Generation;

internal static class RandomModel
{
    public const ulong Seed = 3;

    /// <summary>Every weight random, also those that start at zero.</summary>
    public static TrainState Of(DecoderConfig config)
    {
        TrainState state = new(config);
        for (int i = 0; i < state.Parameters.Tensors.Length; i++)
            Numbers.Normal(state.Parameters.Tensors[i].Shape, Seed, (uint)i, scale: 0.4f)
                .CopyTo(state.Parameters.Tensors[i].Span);
        return state;
    }

    public static int[] Tokens(DecoderConfig config, int count) =>
        [.. Numbers.Below(count, config.VocabularySize, Seed).Select(token => (int)token)];
}
