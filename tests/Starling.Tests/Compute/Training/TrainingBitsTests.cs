using System.Security.Cryptography;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Tests.Compute.Graphs;
using Starling.Tests.Compute.Models;
using Xunit;

namespace Starling.Tests.Compute.Training;

/// <summary>Whole training runs, with merges between, have one result: on every path, and as it was.</summary>
public class TrainingBitsTests
{
    /// <summary>
    /// SHA-256 of the merged parameters. It changes only if arithmetic, initialisation, the order of the data or a
    /// model's graph changes, each of which is a new version of a program.
    /// </summary>
    private const string LlamaBits = "3a5408e0268bf1f5aedf7d03e3a2440ba6b5c32257874d26a9380d2a4c628ecb";
    private const string MlpBits = "355fe9adbe2688560556a45d743141f61d49c8ef0216fbca9932e55b39617dfe";

    [Fact]
    public void LlamaHasTheBitsItHad() => Assert.Equal(LlamaBits, Llama(new ScalarBackend()));

    [Fact]
    public void MlpHasTheBitsItHad() => Assert.Equal(MlpBits, Mlp(new ScalarBackend()));

    [Theory]
    [InlineData(VectorWidth.V128)]
    [InlineData(VectorWidth.V256)]
    [InlineData(VectorWidth.V512)]
    public void EveryWidthHasTheBitsOfTheReference(VectorWidth width)
    {
        Assert.Equal(LlamaBits, Llama(VectorBackend.Create(width)));
        Assert.Equal(MlpBits, Mlp(VectorBackend.Create(width)));
    }

    private static string Llama(IBackend backend)
    {
        TrainingRecipe recipe = TinyRecipes.Llama() with
        {
            Model = TinyModels.Llama(heads: 6, keyValueHeads: 2, headSize: 6, vocabulary: 37),
        };
        int[] text = [.. Numbers.Below(500, 37, 2).Select(token => (int)token)];
        return Train(recipe, worker => new TokenShard(text, recipe.MaxLength, recipe.Seed, worker), backend);
    }

    private static string Mlp(IBackend backend)
    {
        TrainingRecipe recipe = TinyRecipes.Llama() with
        {
            Model = new MlpConfig { InputSize = 19, HiddenSizes = [33, 7], Labels = 3, Activation = Activation.Gelu },
            MaxLength = 1,
        };
        float[] features = Numbers.Normal(new Shape(50, 19), 2, 0);
        int[] labels = [.. Numbers.Below(50, 3, 2).Select(label => (int)label)];
        return Train(recipe, worker => new TableData(features, 19, labels, recipe.Seed, worker), backend);
    }

    private static string Train(TrainingRecipe recipe, Func<int, ITrainingData> dataOf, IBackend backend)
    {
        const int Workers = 2, Rounds = 2, StepsPerRound = 3;
        using TrainState merged = TrainState.Initialise(recipe.Model, recipe.Seed);
        using TensorMemory velocity = new(recipe.Model.CreateLayout());
        TrainState[] states = [.. Enumerable.Range(0, Workers).Select(_ => new TrainState(recipe.Model))];
        for (int round = 0; round < Rounds; round++)
        {
            for (int worker = 0; worker < Workers; worker++)
            {
                states[worker].Parameters.CopyFrom(merged.Parameters);
                using Trainer trainer = new(recipe, states[worker], backend);
                trainer.Run(dataOf(worker), StepsPerRound);
            }

            Assert.True(OuterStep.Run(
                recipe.Model, new OuterSettings(), merged.Parameters, velocity, [.. states.Select(s => s.Parameters)], backend));
        }

        Array.ForEach(states, state => state.Dispose());
        return Convert.ToHexStringLower(SHA256.HashData(StateBlob.Encode(merged.Parameters)));
    }
}
