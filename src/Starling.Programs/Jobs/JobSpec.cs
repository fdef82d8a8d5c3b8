using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Programs.Jobs;

/// <summary>A file that a job reads, as content.</summary>
/// <param name="Content">Content id of the file as it is.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Records">Tokens of a text, rows of a table.</param>
public readonly record struct JobInput(Hash256 Content, long Bytes, int Records);

/// <summary>Weights that a job starts from, as content: a .safetensors file.</summary>
public sealed record JobInit(Hash256 Content, long Bytes);

/// <summary>
/// The expanded, pinned job: what its owner signs the content id of, and all that its plan follows from. The output
/// folder is the owner's own matter and no part of it.
/// </summary>
public sealed record JobSpec(Job Job, JobInput Dataset) : IRecord<JobSpec>
{
    public static RecordType Type => RecordType.JobSpec;

    public TrainJob Train => (TrainJob)Job.Work;

    /// <summary>The weights it starts from; null for fresh ones.</summary>
    public JobInit? Init { get; init; }

    /// <summary>What names this specification.</summary>
    public ContentId Id => ContentId.Of(RecordCodec.Encode(this));

    public void Write(FieldWriter f)
    {
        f.Text(1, Job.Name);
        f.Text(2, Job.Work.Verb);
        f.Unsigned(3, Job.Seed);
        f.Integer(4, (int)Job.Verify);
        f.Unsigned(5, (ulong)(Job.Budget?.Micro ?? 0));
        f.Integer(6, (int)Job.OnBudget);
        f.Text(7, Job.Resources.Region);
        f.Text(8, Job.Resources.Capability);
        f.Integer(9, Job.Resources.MemoryMiB ?? 0);
        f.Positive(10, (ulong)Job.Quorum);
        WriteTrain(f, Train);
        f.Text(45, Train.Dataset);
        f.Hash(46, Dataset.Content);
        f.Integer(47, Dataset.Bytes);
        f.Integer(48, Dataset.Records);
        if (Init is not { } init)
            return;
        f.Text(49, Train.InitFrom!);
        f.Hash(50, init.Content);
        f.Integer(51, init.Bytes);
    }

    /// <exception cref="DecodeException">A field is malformed or out of its bounds.</exception>
    public static JobSpec Read(FieldReader f)
    {
        var name = f.Text(1, 48);
        if (f.Text(2, 16) is var verb && verb != JobKeys.Train.Name)
            throw f.Fail(2, $"this build knows no verb '{verb}'");
        var seed = f.Unsigned(3, (ulong)JobKeys.Seed.Max);
        var verify = (Verification)f.Int32(4, 1, 4);
        var micro = f.Unsigned(5);
        var policy = (BudgetPolicy)f.Int32(6, 1, 2);
        JobResources resources = new(f.Text(7, 64), f.Text(8, 64), f.Int32(9) is > 0 and var memory ? memory : null);
        var quorum = f.Positive(10);
        if (verify == Verification.Quorum ? quorum is < ReplicaName.Least or > ReplicaName.Most : quorum > 0)
            throw f.Fail(10, "a quorum has its size, and nothing else has one");
        var train = ReadTrain(f);
        train = train with { Dataset = f.Text(45, 1024) };
        JobInput dataset = new(f.Hash(46), f.Integer(47, 1), f.Int32(48, 2));
        if (train.IsText && dataset.Bytes != dataset.Records)
            throw f.Fail(48, "every byte of a text is a token");
        if (DataSplit.TooShort(train, dataset.Records) is { Length: > 0 } problem)
            throw f.Fail(48, problem);
        train = train with { DatasetId = new ContentId(dataset.Content), InitFrom = f.OptionalText(49, 1024) };
        JobInit? init = train.InitFrom is null ? null : new JobInit(f.Hash(50), f.Integer(51, 1));
        train = train with { InitId = init is null ? null : new ContentId(init.Content) };
        Credits? budget = micro > 0 ? new Credits(micro) : null;
        var job = new Job(name, train, budget, policy, verify, seed, $"./{name}", resources) { Quorum = (int)quorum };
        return new JobSpec(job, dataset) { Init = init };
    }

    private static void WriteTrain(FieldWriter f, TrainJob job)
    {
        f.Bytes(20, ModelJson.Write(job.Model));
        f.Integer(21, job.MaxSteps);
        f.Integer(22, job.BatchSize);
        f.Integer(23, job.MaxLength);
        f.Single(24, job.TestSize);
        f.Single(25, job.Rate.Peak);
        f.Single(26, job.Rate.Floor);
        f.Integer(27, job.Rate.WarmupSteps);
        f.Integer(28, (int)job.Rate.Decay);
        f.Single(29, job.Optimiser.WeightDecay);
        f.Single(30, job.Optimiser.Beta1);
        f.Single(31, job.Optimiser.Beta2);
        f.Single(32, job.Optimiser.Epsilon);
        f.Single(33, job.Optimiser.ClipNorm);
        f.Integer(34, job.Workers);
        f.Integer(35, job.SyncEvery);
        f.Single(36, job.Outer.Rate);
        f.Single(37, job.Outer.Momentum);
        f.Integer(38, job.EvalSteps);
        f.Integer(39, job.MaxEvalSamples);
        f.Integer(40, job.CommitEvery);
        RecipeFields.WriteAccumulation(f, 41, job.AccumulationSteps);
        RecipeFields.WriteDecay(f, 42, job.Optimiser.DecayOn);
    }

    private static TrainJob ReadTrain(FieldReader f)
    {
        var model = RecipeFields.ReadModel(f, 20);
        var steps = Whole(f, 21, JobKeys.Steps);
        TrainJob job = new()
        {
            Model = model,
            Dataset = "",
            MaxSteps = steps,
            BatchSize = Whole(f, 22, JobKeys.BatchSize),
            MaxLength = f.Int32(23, 1, (int)JobKeys.MaxLength.Max),
            TestSize = Number(f, 24, JobKeys.TestSize),
            Rate = new LearningRate
            {
                Peak = Number(f, 25, JobKeys.LearningRate),
                Floor = Number(f, 26, JobKeys.MinLearningRate),
                WarmupSteps = f.Int32(27, 0, steps),
                TotalSteps = steps,
                Decay = (RateDecay)f.Int32(28, 0, JobKeys.Scheduler.Choices.Length - 1),
            },
            Optimiser = new AdamWSettings
            {
                WeightDecay = Number(f, 29, JobKeys.WeightDecay),
                Beta1 = Number(f, 30, JobKeys.Beta1),
                Beta2 = Number(f, 31, JobKeys.Beta2),
                Epsilon = Number(f, 32, JobKeys.Epsilon),
                ClipNorm = Number(f, 33, JobKeys.ClipNorm),
            },
            Workers = Whole(f, 34, JobKeys.Workers),
            SyncEvery = Whole(f, 35, JobKeys.SyncEvery),
            Outer = new OuterSettings { Rate = Number(f, 36, JobKeys.OuterRate), Momentum = Number(f, 37, JobKeys.OuterMomentum) },
            EvalSteps = Whole(f, 38, JobKeys.EvalSteps),
            MaxEvalSamples = Whole(f, 39, JobKeys.MaxEvalSamples),
            CommitEvery = Whole(f, 40, JobKeys.CommitEvery),
            AccumulationSteps = RecipeFields.ReadAccumulation(f, 41),
        };
        job = job with { Optimiser = job.Optimiser with { DecayOn = RecipeFields.ReadDecay(f, 42) } };
        if (job.EvalSteps % job.SyncEvery != 0)
            throw f.Fail(38, "only merged models are measured");
        if (TrainLimits.StepProblem(job.BatchSize, job.MaxLength, job.AccumulationSteps) is { Length: > 0 } step)
            throw f.Fail(22, step);
        if (TrainLimits.ModelProblem(model) is { Length: > 0 } size)
            throw f.Fail(20, size);
        return model is DecoderConfig decoder && job.MaxLength > decoder.MaxPositions
            ? throw f.Fail(23, "longer than the model's positions")
            : job;
    }

    private static int Whole(FieldReader f, int key, WholeKey rule) => f.Int32(key, (int)rule.Min, (int)rule.Max);

    private static float Number(FieldReader f, int key, NumberKey rule)
    {
        var value = f.Single(key);
        return value >= rule.Min && value <= rule.Max
            ? value
            : throw f.Fail(key, $"{rule.Name} is outside {rule.Min}..{rule.Max}");
    }
}
