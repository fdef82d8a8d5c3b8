using Starling.Arithmetic.Catalogue;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Tests.Compute.Models;
using Xunit;

namespace Starling.Tests.Compute.Training;

public class TrainingWorkTests
{
    [Fact]
    public void StepsCostWhatTheirProductsTake()
    {
        TrainingRecipe recipe = TinyRecipes.Llama();
        WorkVector one = TrainingWork.OfSteps(recipe, 1);
        long weights = recipe.Model.ListParameters().Where(p => p.Decays && !p.Name.Contains("embed", StringComparison.Ordinal))
            .Sum(p => p.Shape.Elements);
        long products = 3 * weights * recipe.BatchSize * recipe.MaxLength;
        Assert.InRange(one.MultiplyAdds, products, 2 * products);
        Assert.Equal(one * 7, TrainingWork.OfSteps(recipe, 7));
    }

    [Fact]
    public void EvaluationCountsItsLastBatchWhole() =>
        Assert.Equal(
            TrainingWork.OfEvaluation(TinyModels.Llama(), 17, 8), TrainingWork.OfEvaluation(TinyModels.Llama(), 32, 8));

    [Theory]
    [InlineData(1, new[] { 8 })]
    [InlineData(9, new[] { 16 })]
    [InlineData(150, new[] { 64, 64, 24 })]
    public void PromptsAreAppendedInFewSizes(int count, int[] chunks) =>
        Assert.Equal(chunks, Starling.Compute.Generation.CachedDecoder.Chunks(count));

    [Fact]
    public void PeakMemoryHoldsTheState()
    {
        TrainingRecipe recipe = TinyRecipes.Llama();
        long state = 3 * sizeof(float) * recipe.Model.ListParameters().Sum(p => p.Shape.Elements);
        Assert.InRange(TrainingWork.PeakBytesOfSteps(recipe), state, 100 * state);
    }
}
