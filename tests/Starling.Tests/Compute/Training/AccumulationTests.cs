using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Reference;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Training;

/// <summary>Several micro-batches per step: their gradients are added in ascending order.</summary>
public class AccumulationTests
{
    private const int Steps = 3;

    [Fact]
    public void TheStepTakesTheOrderedSumOfTheMicroBatches()
    {
        TrainingRecipe recipe = Recipe(Steps);
        float[][]? sum = null;
        for (int number = 0; number < Steps; number++)
        {
            float[][] gradients = GradientsOf(recipe, first: number * recipe.BatchSize, recipe.BatchSize);
            sum = sum is null ? gradients : Add(sum, gradients);
        }

        Assert.Equal(Bits(FirstMoments(sum!)), Bits(MomentsAfterOneStep(recipe)));
    }

    [Fact]
    public void TheSumIsThatOfOneLargeBatchUpToRounding()
    {
        TrainingRecipe recipe = Recipe(Steps), large = Recipe(1) with { BatchSize = recipe.BatchSize * Steps };
        float[][] parts = MomentsAfterOneStep(recipe), whole = MomentsAfterOneStep(large);
        for (int i = 0; i < parts.Length; i++)
            for (int j = 0; j < parts[i].Length; j++)
                Assert.Equal(whole[i][j], parts[i][j], 1e-6f);
    }

    [Theory]
    [InlineData(VectorWidth.V128)]
    [InlineData(VectorWidth.V256)]
    [InlineData(VectorWidth.V512)]
    public void EveryWidthHasTheBitsOfTheReference(VectorWidth width) =>
        Assert.Equal(State(new ScalarBackend()), State(VectorBackend.Create(width)));

    [Fact]
    public void OneMicroBatchMoreTakesNoMoreActivations()
    {
        TrainingStep two = TrainingStep.Build(Recipe(2)), eight = TrainingStep.Build(Recipe(8));
        Assert.Equal(
            MemoryPlan.Create(two.Graph, two.InPlace).ArenaBytes, MemoryPlan.Create(eight.Graph, eight.InPlace).ArenaBytes);
    }

    [Theory]
    [InlineData("data", "data", 0)]
    [InlineData("data.12", "data", 12)]
    [InlineData("targets.1", "targets", 1)]
    [InlineData("first.x", "first.x", 0)]
    public void NamesOfInputsTellTheMicroBatch(string name, string input, int number) =>
        Assert.Equal((input, number), MicroBatch.Parse(name));

    private static TrainingRecipe Recipe(int steps) => TinyRecipes.Llama() with
    {
        BatchSize = 2,
        AccumulationSteps = steps,
        Optimiser = new AdamWSettings { ClipNorm = 0 },
    };

    private static byte[] State(IBackend backend)
    {
        TrainingRecipe recipe = Recipe(Steps) with { Optimiser = new AdamWSettings() };
        using TrainState state = TrainState.Initialise(recipe.Model, recipe.Seed);
        using Trainer trainer = new(recipe, state, backend);
        trainer.Run(TinyRecipes.Data(), 2);
        return [.. StateBlob.Encode(state.Parameters), .. StateBlob.Encode(state.Moments)];
    }

    private static float[][] MomentsAfterOneStep(TrainingRecipe recipe)
    {
        using TrainState state = TrainState.Initialise(recipe.Model, recipe.Seed);
        using Trainer trainer = new(recipe, state, new ScalarBackend());
        trainer.Run(TinyRecipes.Data(), 1);
        return [.. Enumerable.Range(0, state.Parameters.Tensors.Length).Select(i => state.Moments.Tensors[i].Span.ToArray())];
    }

    /// <summary>Gradients of some sequences of the first step, divided by the rows of the whole step.</summary>
    private static float[][] GradientsOf(TrainingRecipe recipe, int first, int count)
    {
        ModelBuilder model = new();
        Value logits = recipe.Model.Logits(model, count, recipe.MaxLength);
        int rows = count * recipe.MaxLength;
        Value loss = model.Graph.MeanCrossEntropy(
            logits, model.Graph.Input(InputNames.Targets, new Shape(rows, 1)), rows * recipe.AccumulationSteps);
        Value[] gradients = Gradients.Of(model.Graph, loss, model.ParameterValues);
        for (int i = 0; i < gradients.Length; i++)
            model.Graph.Output($"gradient.{i}", gradients[i]);

        using TrainState state = TrainState.Initialise(recipe.Model, recipe.Seed);
        using BatchMemory batch = new(recipe.Model, count, recipe.MaxLength);
        TinyRecipes.Data().Fill(0, first, count, batch.Data, batch.Targets);
        Graph graph = model.Graph.Build();
        using GraphExecutor executor = new(graph, MemoryPlan.Create(graph), new ScalarBackend());
        executor.Bind(state.Parameters);
        batch.Bind(executor);
        executor.Run();
        return [.. Enumerable.Range(0, gradients.Length).Select(i => executor.Output($"gradient.{i}").Span.ToArray())];
    }

    private static float[][] Add(float[][] a, float[][] b) => [.. a.Zip(b, (x, y) => x.Zip(y, (u, v) => u + v).ToArray())];

    private static float[][] FirstMoments(float[][] gradients)
    {
        float beta = new AdamWSettings().Beta1;
        return [.. gradients.Select(g => g.Select(x => MathF.FusedMultiplyAdd(beta, 0, (1 - beta) * x)).ToArray())];
    }

    private static int[][] Bits(float[][] values) => Array.ConvertAll(values, v => Numbers.Bits(v));
}
