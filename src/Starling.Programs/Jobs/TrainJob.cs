using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Jobs;

/// <summary>The verb <c>train</c>: trains a model by DiLoCo, from scratch or from given weights. Names are those of the job file.</summary>
public sealed record TrainJob : JobVerb
{
    public override string Verb => "train";

    public required ModelConfig Model { get; init; }

    /// <summary>Path of the weights to start from, as the file gives it; null for fresh ones.</summary>
    public string? InitFrom { get; init; }

    /// <summary>Content id that those weights must have; set once it is known.</summary>
    public ContentId? InitId { get; init; }

    /// <summary>Path of the dataset as the file gives it, relative to the job file.</summary>
    public required string Dataset { get; init; }

    /// <summary>Content id that the dataset must have; set once it is known.</summary>
    public ContentId? DatasetId { get; init; }

    /// <summary>Steps of each worker in all.</summary>
    public required int MaxSteps { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Micro-batches of <see cref="BatchSize"/> per step.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Tokens per sequence; 1 for a table.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Part of the data that is held out.</summary>
    public required float TestSize { get; init; }

    public required LearningRate Rate { get; init; }

    public required Starling.Compute.Graphs.AdamWSettings Optimiser { get; init; }

    public required int Workers { get; init; }

    /// <summary>Steps of a round: between two merges.</summary>
    public required int SyncEvery { get; init; }

    public required OuterSettings Outer { get; init; }

    /// <summary>Steps between two measurements; a multiple of <see cref="SyncEvery"/>.</summary>
    public required int EvalSteps { get; init; }

    public required int MaxEvalSamples { get; init; }

    /// <summary>Steps between two committed states.</summary>
    public required int CommitEvery { get; init; }

    /// <summary>Rounds of inner steps, each closed by a merge.</summary>
    public int Rounds => (MaxSteps + SyncEvery - 1) / SyncEvery;

    /// <summary>Whether the model reads text rather than a table.</summary>
    public bool IsText => Model is DecoderConfig;

    /// <summary>Steps of one round; the last one may be shorter.</summary>
    public int StepsOf(int round) => Math.Min(SyncEvery, MaxSteps - (round * SyncEvery));
}
