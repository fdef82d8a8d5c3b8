using Starling.Compute.Graphs;
using Starling.Compute.Models;

namespace Starling.Compute.Training;

/// <summary>Everything that decides the bits of a training run besides its data and its starting state.</summary>
public sealed record TrainingRecipe
{
    public required ModelConfig Model { get; init; }

    /// <summary>Sequences, or rows of a table, per micro-batch.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Micro-batches per step: their gradients are added up before the optimiser acts.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Tokens per sequence; 1 for a table.</summary>
    public int MaxLength { get; init; } = 1;

    public AdamWSettings Optimiser { get; init; } = new();

    public required LearningRate Rate { get; init; }

    /// <summary>Addresses the initial weights and the order of the data.</summary>
    public ulong Seed { get; init; }
}
