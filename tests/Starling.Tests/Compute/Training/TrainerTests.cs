using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void StepsAllocateNothing(int threads)
    {
        TrainingRecipe recipe = TinyRecipes.Llama() with { AccumulationSteps = 2 };
        using TrainState state = TrainState.Initialise(recipe.Model, recipe.Seed);
        using WorkerPool pool = new(threads);
        using Trainer trainer = new(recipe, state, VectorBackend.Best(pool));
        TokenShard data = TinyRecipes.Data();
        trainer.Run(data, 3);
        // One call of Run allocates its outcome; what lies between two steps is the steps' own.
        long[] allocated = new long[8];
        trainer.Run(data, allocated.Length, (step, _) => allocated[step - 4] = GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(0, allocated[^1] - allocated[0]);
    }

    [Fact]
    public void TheWorkOfAStepIsTheSumOverTheOperatorsThatRan()
    {
        TrainingRecipe recipe = TinyRecipes.Llama() with { AccumulationSteps = 2 };
        using TrainState state = TrainState.Initialise(recipe.Model, recipe.Seed);
        CountingBackend backend = new();
        using Trainer trainer = new(recipe, state, backend);
        trainer.Run(TinyRecipes.Data(), 3);
        Assert.Equal(TrainingWork.OfSteps(recipe, 3), backend.Work);
    }

    [Fact]
    public void OnlyMatricesDecay()
    {
        IReadOnlyList<Parameter> parameters = TinyRecipes.Llama().Model.ListParameters();
        Assert.All(parameters, parameter => Assert.Equal(parameter.Shape.Rows > 1, parameter.Decays));
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

    /// <summary>Adds up the work of every call.</summary>
    private sealed class CountingBackend : IBackend
    {
        private readonly VectorBackend inner = VectorBackend.Best();

        public WorkVector Work { get; private set; }

        public string Name => "counting";

        public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
        {
            var shapes = new Shape[inputs.Length];
            for (int i = 0; i < shapes.Length; i++)
                shapes[i] = inputs[i].Shape;
            Work += Starling.Arithmetic.Catalogue.Work.Of(op, shapes);
            inner.Run(op, inputs, output);
        }
    }
}
