using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Xunit;

namespace Starling.Tests.Compute.Training;

public class WeightDecayTests
{
    [Fact]
    public void MatricesDecayAndGainsDoNot() => Check(DecayGroup.Matrices, (parameter, _) => parameter.Shape.Rows > 1);

    [Fact]
    public void LinearLeavesOutTheEmbeddingTables() =>
        Check(DecayGroup.Linear, (parameter, isTable) => parameter.Shape.Rows > 1 && !isTable);

    [Fact]
    public void AllDecay() => Check(DecayGroup.All, (_, _) => true);

    private static void Check(DecayGroup group, Func<Parameter, bool, bool> decays)
    {
        TrainingRecipe recipe = TinyRecipes.Llama();
        recipe = recipe with { Optimiser = recipe.Optimiser with { DecayOn = group } };
        var graph = TrainingStep.Build(recipe).Graph;
        int tables = 0;
        foreach (Parameter parameter in recipe.Model.ListParameters())
        {
            bool isTable = parameter.Name.Contains("embed", StringComparison.Ordinal);
            tables += isTable ? 1 : 0;
            var output = Array.Find(graph.Outputs, o => o.Name == InputNames.Next(parameter.Name))!;
            Operator update = graph.Nodes[output.Value.Index - graph.Inputs.Length].Operator;
            Assert.Equal(decays(parameter, isTable) ? recipe.Optimiser.WeightDecay : 0, update.Decay);
        }

        Assert.Equal(1, tables);
    }
}
