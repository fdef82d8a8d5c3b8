using Starling.Arithmetic.Reference;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Tests.Compute.Models;
using Xunit;

namespace Starling.Tests.Compute.Training;

public class EvaluationTests
{
    [Fact]
    public void AnUntrainedHeadOfZerosIsUniform()
    {
        DecoderConfig model = TinyModels.Llama();
        using TrainState state = TrainState.Initialise(model, 1);
        state.Parameters["lm_head.weight"].Span.Clear();
        EvaluationResult result = Evaluation.OfTokens(model, state.Parameters, TinyRecipes.Text, 8, 1000, new ScalarBackend());
        Assert.Equal(MathF.Log2(11) / MathF.Log2(MathF.E), result.Loss, 5);
        Assert.Equal((TinyRecipes.Text.Length - 1) / 8 * 8, result.Targets);
    }

    [Fact]
    public void ATextShorterThanAWindowIsRefused()
    {
        DecoderConfig model = TinyModels.Llama();
        using TrainState state = TrainState.Initialise(model, 1);
        Assert.Throws<ArgumentException>(() =>
            Evaluation.OfTokens(model, state.Parameters, new int[8], 8, 10, new ScalarBackend()));
    }

    [Theory]
    [InlineData(100, 3)]
    [InlineData(7, 7)]
    public void PartsCoverTheTextWithoutOverlap(int total, int workers)
    {
        int at = 0;
        for (int worker = 0; worker < workers; worker++)
        {
            Range part = TokenShard.PartOf(total, worker, workers);
            Assert.Equal(at, part.Start.Value);
            at = part.End.Value;
        }

        Assert.Equal(total, at);
    }
}
