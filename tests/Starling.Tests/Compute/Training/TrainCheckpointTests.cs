using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Xunit;

namespace Starling.Tests.Compute.Training;

public class TrainCheckpointTests
{
    private const int Steps = 7;

    [Fact]
    public void ARunStoppedAfterAnyStepGoesOnWithTheSameBits()
    {
        TrainingRecipe recipe = Recipe();
        byte[] whole = Run(recipe, TrainState.Initialise(recipe.Model, recipe.Seed), Steps);
        for (int stop = 0; stop <= Steps; stop++)
        {
            byte[] checkpoint = Run(recipe, TrainState.Initialise(recipe.Model, recipe.Seed), stop);
            TrainState? resumed = TrainCheckpoint.Decode(recipe.Model, checkpoint, out DataCursor cursor, out _);
            Assert.Equal(new DataCursor(recipe.Seed, 1, stop), cursor);
            Assert.Equal(whole, Run(recipe, resumed!, Steps - stop));
        }
    }

    [Fact]
    public void EveryDamageOfTheHeadIsNamed()
    {
        TrainingRecipe recipe = Recipe();
        byte[] good = Run(recipe, TrainState.Initialise(recipe.Model, recipe.Seed), 1);
        Assert.Equal(TensorProblemCode.BadHeader, ProblemOf(recipe, good[..1023]));
        Assert.Equal(TensorProblemCode.BadHeader, ProblemOf(recipe, Changed(good, 0)));
        Assert.Equal(TensorProblemCode.BadHeader, ProblemOf(recipe, Changed(good, 23)));
        Assert.Equal(TensorProblemCode.BadHeader, ProblemOf(recipe, Changed(good, 27)));
        Assert.Equal(TensorProblemCode.BadShape, ProblemOf(recipe, Changed(good, 28)));
        Assert.Equal(TensorProblemCode.BadShape, ProblemOf(recipe, Changed(good, 36)));
        Assert.Equal(TensorProblemCode.PaddingNotZero, ProblemOf(recipe, Changed(good, 44)));
        Assert.Equal(TensorProblemCode.PaddingNotZero, ProblemOf(recipe, Changed(good, 1024 + 1000)));
        Assert.Equal(TensorProblemCode.Truncated, ProblemOf(recipe, good[..^1]));
        Assert.Equal(TensorProblemCode.TooLarge, ProblemOf(recipe, [.. good, 0]));
        Assert.Equal(
            TensorProblemCode.BadShape, ProblemOf(recipe with { Model = new MlpConfig { InputSize = 3, HiddenSizes = [4], Labels = 2 } }, good));
    }

    private static TrainingRecipe Recipe() => TinyRecipes.Llama() with { BatchSize = 2, AccumulationSteps = 2 };

    private static TensorProblemCode? ProblemOf(TrainingRecipe recipe, byte[] blob)
    {
        Assert.Null(TrainCheckpoint.Decode(recipe.Model, blob, out _, out TensorProblem? problem));
        return problem?.Code;
    }

    private static byte[] Changed(byte[] blob, int at)
    {
        byte[] changed = [.. blob];
        changed[at] ^= 0x80;
        return changed;
    }

    private static byte[] Run(TrainingRecipe recipe, TrainState state, int steps)
    {
        using (state)
        {
            using Trainer trainer = new(recipe, state, VectorBackend.Best());
            trainer.Run(TinyRecipes.Data(worker: 1), steps);
            return TrainCheckpoint.Encode(state, recipe.Seed, worker: 1);
        }
    }
}
