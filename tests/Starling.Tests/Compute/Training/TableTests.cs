using Starling.Arithmetic;
using Starling.Arithmetic.Reference;
using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Training;

public class TableTests
{
    private const int Rows = 200, Columns = 3;

    [Fact]
    public void AnMlpLearnsACurvedBoundary()
    {
        (float[] features, int[] labels) = Circle();
        TableData table = new(features, Columns, labels, seed: 1, worker: 0);
        TrainingRecipe recipe = new()
        {
            Model = new MlpConfig { InputSize = Columns, HiddenSizes = [16, 8], Labels = 2 },
            BatchSize = 16,
            Rate = new LearningRate { Peak = 2e-2f, TotalSteps = 300 },
            Optimiser = new AdamWSettings { WeightDecay = 0.01f },
        };
        using TrainState state = TrainState.Initialise(recipe.Model, 1);
        using Trainer trainer = new(recipe, state, new ScalarBackend());
        trainer.Run(table, 300);
        EvaluationResult result = Evaluation.OfTable((MlpConfig)recipe.Model, state.Parameters, table, new ScalarBackend());
        Assert.Equal(Rows, result.Targets);
        Assert.InRange(result.Accuracy, 0.9f, 1);
    }

    [Fact]
    public void StandardisingGivesMeanZeroAndDeviationOne()
    {
        float[] features = Numbers.Normal(new Shape(Rows, Columns), 3, 0, scale: 5);
        for (int row = 0; row < Rows; row++)
            features[row * Columns] = 4;
        Standardiser.Measure(features, Columns).Apply(features);
        for (int column = 0; column < Columns; column++)
        {
            double[] values = [.. Enumerable.Range(0, Rows).Select(row => (double)features[(row * Columns) + column])];
            Assert.Equal(0, values.Average(), 4);
            Assert.Equal(column == 0 ? 0 : 1, values.Average(value => value * value), 4);
        }
    }

    private static (float[] Features, int[] Labels) Circle()
    {
        float[] features = Numbers.Normal(new Shape(Rows, Columns), 11, 0);
        var labels = new int[Rows];
        for (int row = 0; row < Rows; row++)
            labels[row] = (features[row * 3] * features[row * 3]) + (features[(row * 3) + 1] * features[(row * 3) + 1]) > 1.4f ? 1 : 0;
        return (features, labels);
    }
}
