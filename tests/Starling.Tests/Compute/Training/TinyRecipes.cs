using Starling.Compute.Training;
using Starling.Tests.Compute.Models;

namespace Starling.Tests.Compute.Training;

/// <summary>A training run that the scalar reference does in a moment.</summary>
internal static class TinyRecipes
{
    public const int Length = 8;

    /// <summary>Text with structure to learn: words over an alphabet of 11 tokens.</summary>
    public static int[] Text { get; } = [.. Enumerable.Range(0, 400).Select(i => (i * i / 7 % 5 * 2) + (i % 3 == 0 ? 1 : 0))];

    public static TrainingRecipe Llama() => new()
    {
        Model = TinyModels.Llama(keyValueHeads: 2),
        BatchSize = 4,
        MaxLength = Length,
        Rate = new LearningRate { TotalSteps = 30, WarmupSteps = 3, Peak = 1e-2f },
        Seed = 5,
    };

    public static TokenShard Data(int worker = 0) => new(Text, Length, seed: 5, worker);
}
