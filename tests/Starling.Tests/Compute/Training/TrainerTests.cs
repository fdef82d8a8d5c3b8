using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Xunit;

namespace Starling.Tests.Compute.Training;

public class TrainerTests
{
    [Fact]
    public void TrainingLowersTheLoss()
    {
        (TrainOutcome outcome, _) = Train(30);
        Assert.Equal(TrainStatus.Completed, outcome.Status);
        Assert.True(outcome.Losses[^1] < 0.8f * outcome.Losses[0], $"{outcome.Losses[0]} to {outcome.Losses[^1]}");
    }

    [Fact]
    public void TwoRunsHaveEqualBits() => Assert.Equal(Train(10).State, Train(10).State);

    [Fact]
    public void ARunResumedFromItsBlobsHasEqualBits() => Assert.Equal(Train(12).State, TrainResumed(5, 7));

    [Fact]
    public void AnotherSeedGivesAnotherModel()
    {
        TrainingRecipe recipe = TinyRecipes.Llama();
        using TrainState a = TrainState.Initialise(recipe.Model, 1), b = TrainState.Initialise(recipe.Model, 2);
        Assert.NotEqual(StateBlob.Encode(a.Parameters), StateBlob.Encode(b.Parameters));
    }

    [Fact]
    public void AStateThatIsNotFiniteEndsTheRunAtItsStep()
    {
        TrainingRecipe recipe = TinyRecipes.Llama();
        using TrainState state = TrainState.Initialise(recipe.Model, recipe.Seed);
        using Trainer trainer = new(recipe, state, new ScalarBackend());
        trainer.Run(TinyRecipes.Data(), 2);
        state.Parameters["model.norm.weight"].Span[3] = float.NaN;
        TrainOutcome outcome = trainer.Run(TinyRecipes.Data(), 5);
        Assert.Equal((TrainStatus.NotFinite, 3), (outcome.Status, outcome.Step));
    }

    [Fact]
    public void StepsAllocateNothing()
    {
        TrainingRecipe recipe = TinyRecipes.Llama();
        using TrainState state = TrainState.Initialise(recipe.Model, recipe.Seed);
        NoBackend backend = new();
        using Trainer trainer = new(recipe, state, backend);
        TokenShard data = TinyRecipes.Data();
        trainer.Run(data, 2);
        long few = Allocated(trainer, data, 1), many = Allocated(trainer, data, 9);
        // Each run returns its losses: 4 bytes a step, besides a fixed part.
        Assert.InRange(many - few, 0, 8 * 8);
    }

    [Fact]
    public void OnlyMatricesDecay()
    {
        IReadOnlyList<Parameter> parameters = TinyRecipes.Llama().Model.ListParameters();
        Assert.All(parameters, parameter => Assert.Equal(parameter.Shape.Rows > 1, parameter.Decays));
    }

    private static long Allocated(Trainer trainer, TokenShard data, int steps)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Run(data, steps);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static (TrainOutcome Outcome, byte[] State) Train(int steps)
    {
        TrainingRecipe recipe = TinyRecipes.Llama();
        using TrainState state = TrainState.Initialise(recipe.Model, recipe.Seed);
        using Trainer trainer = new(recipe, state, new ScalarBackend());
        return (trainer.Run(TinyRecipes.Data(), steps), Bytes(state));
    }

    private static byte[] TrainResumed(int before, int after)
    {
        TrainingRecipe recipe = TinyRecipes.Llama();
        using TrainState first = TrainState.Initialise(recipe.Model, recipe.Seed);
        using (Trainer trainer = new(recipe, first, new ScalarBackend()))
            trainer.Run(TinyRecipes.Data(), before);

        using TrainState second = new(recipe.Model) { Step = first.Step };
        Assert.Null(StateBlob.Decode(StateBlob.Encode(first.Parameters), second.Parameters));
        Assert.Null(StateBlob.Decode(StateBlob.Encode(first.Moments), second.Moments));
        using (Trainer trainer = new(recipe, second, new ScalarBackend()))
            trainer.Run(TinyRecipes.Data(), after);
        return Bytes(second);
    }

    private static byte[] Bytes(TrainState state) =>
        [.. StateBlob.Encode(state.Parameters), .. StateBlob.Encode(state.Moments)];

    /// <summary>Does nothing, so that only the executor's and the trainer's own allocations remain.</summary>
    private sealed class NoBackend : IBackend
    {
        public string Name => "none";

        public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
        {
        }
    }
}
