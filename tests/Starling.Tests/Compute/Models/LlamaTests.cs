using Starling.Arithmetic.Reference;
using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Models;

public class LlamaTests
{
    [Theory]
    [InlineData(4, 4, false)]
    [InlineData(4, 2, true)]
    [InlineData(6, 1, false)]
    public void LogitsAreThoseOfTheHuggingFaceModel(int heads, int keyHeads, bool tied)
    {
        DecoderConfig config = TinyModels.Llama(heads, keyHeads) with { TieWordEmbeddings = tied };
        using TensorMemory weights = new(config.CreateLayout());
        for (int i = 0; i < weights.Tensors.Length; i++)
            Numbers.Normal(weights.Tensors[i].Shape, 8, (uint)i, scale: 0.4f).CopyTo(weights.Tensors[i].Span);
        int[] tokens = [.. Numbers.Below(17, config.VocabularySize, 8).Select(token => (int)token)];
        double[][] expected = new LlamaInDoubles(config, weights).Logits(tokens);

        using Generator generator = new(new(config, weights, new ScalarBackend()), 32);
        for (int t = 0; t < tokens.Length; t++)
        {
            float[] logits = generator.Append([tokens[t]]).ToArray();
            for (int i = 0; i < logits.Length; i++)
                Assert.Equal(expected[t][i], logits[i], 5e-5);
        }
    }
}
