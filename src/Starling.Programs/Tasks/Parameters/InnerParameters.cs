using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Programs.Jobs;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Parameters;

/// <summary>Parameters of <c>inner</c>: one worker's steps between two merges.</summary>
internal sealed record InnerParameters : IRecord<InnerParameters>
{
    public static RecordType Type => RecordType.InnerParameters;

    public required ModelConfig Model { get; init; }

    /// <summary>Training records (tokens, rows) in the data blob.</summary>
    public required int Records { get; init; }

    /// <summary>The first record of the worker's own part.</summary>
    public required int First { get; init; }

    /// <summary>Records of the worker's own part.</summary>
    public required int Count { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Micro-batches of <see cref="BatchSize"/> per step; left out when one.</summary>
    public int AccumulationSteps { get; init; } = 1;

    public required int MaxLength { get; init; }

    public required ulong Seed { get; init; }

    public required int Worker { get; init; }

    /// <summary>Steps done before; without any the worker starts with moments of zero and has no input for them.</summary>
    public required int FromStep { get; init; }

    public required int Steps { get; init; }

    /// <summary>Steps between two committed states.</summary>
    public required int CommitEvery { get; init; }

    public required LearningRate Rate { get; init; }

    public required AdamWSettings Optimiser { get; init; }

    public TrainingRecipe Recipe => new()
    {
        Model = Model,
        BatchSize = BatchSize,
        AccumulationSteps = AccumulationSteps,
        MaxLength = MaxLength,
        Optimiser = Optimiser,
        Rate = Rate,
        Seed = Seed,
    };

    /// <summary>Tokens or rows that a step reads.</summary>
    public int RecordsPerStep => BatchSize * MaxLength * AccumulationSteps;

    /// <summary>Committed states: the first, one per interval, the last.</summary>
    public int TraceLength => 1 + ((Steps + CommitEvery - 1) / CommitEvery);

    public static InnerParameters Read(FieldReader f)
    {
        InnerParameters p = new()
        {
            Model = RecipeFields.ReadModel(f, 1),
            Records = f.Int32(2, 1),
            First = f.Int32(3),
            Count = f.Int32(4, 1),
            BatchSize = f.Int32(5, 1, (int)JobKeys.BatchSize.Max),
            MaxLength = f.Int32(6, 1, (int)JobKeys.MaxLength.Max),
            Seed = f.Unsigned(7),
            Worker = f.Int32(8, 0, JobKeys.MaxWorkers - 1),
            FromStep = f.Int32(9),
            Steps = f.Int32(10, 1, (int)JobKeys.SyncEvery.Max),
            CommitEvery = f.Int32(11, 1, (int)JobKeys.CommitEvery.Max),
            AccumulationSteps = RecipeFields.ReadAccumulation(f, 12),
            Rate = RecipeFields.ReadRate(f),
            Optimiser = RecipeFields.ReadOptimiser(f),
        };
        if (TrainLimits.StepProblem(p.BatchSize, p.MaxLength, p.AccumulationSteps) is { Length: > 0 } problem)
            throw f.Fail(5, problem);
        if ((long)p.First + p.Count > p.Records)
            throw f.Fail(4, "the part ends after the data");
        return p.Model is DecoderConfig && p.Count <= p.MaxLength
            ? throw f.Fail(4, "the part is no longer than one sequence")
            : p;
    }

    public void Write(FieldWriter f)
    {
        RecipeFields.WriteModel(f, 1, Model);
        f.Integer(2, Records);
        f.Integer(3, First);
        f.Integer(4, Count);
        f.Integer(5, BatchSize);
        f.Integer(6, MaxLength);
        f.Unsigned(7, Seed);
        f.Integer(8, Worker);
        f.Integer(9, FromStep);
        f.Integer(10, Steps);
        f.Integer(11, CommitEvery);
        RecipeFields.WriteAccumulation(f, 12, AccumulationSteps);
        RecipeFields.Write(f, Rate, Optimiser);
    }
}
