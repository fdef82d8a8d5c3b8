using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Programs.Blueprints;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Jobs;

/// <summary>Reads the section <c>train</c>.</summary>
internal static class TrainSection
{
    public static TrainJob? Read(JobMap map, List<JobError> errors)
    {
        var before = errors.Count;
        JobReader reader = new(map, JobKeys.Train.Name, JobKeys.Train.Keys, errors);
        var model = reader.Section(JobKeys.Model) is { } section
            ? ModelSection.Read(section, reader.PathOf(JobKeys.Model.Name), errors)
            : null;
        var dataset = reader.Text(JobKeys.Dataset);
        var id = Id(reader, JobKeys.DatasetId);
        var (init, initId) = (reader.Text(JobKeys.InitFrom), Id(reader, JobKeys.InitId));
        if (init is null && initId is not null)
            reader.Add(JobKeys.InitId, "stands without init_from", "add 'init_from:', or remove it");
        reader.Choice(JobKeys.Tokenizer);
        var steps = reader.Int(JobKeys.Steps) ?? 1;
        var workers = reader.Int(JobKeys.Workers) ?? 1;
        var sync = reader.Int(JobKeys.SyncEvery) ?? Math.Min(40, steps);
        var length = reader.Int(JobKeys.MaxLength);
        var draft = (
            Batch: reader.Int(JobKeys.BatchSize) ?? 8,
            Accumulation: reader.Int(JobKeys.AccumulationSteps) ?? 1,
            TestSize: reader.Number(JobKeys.TestSize) ?? 0.1f,
            Rate: Rate(reader, steps),
            Optimiser: Optimiser(reader),
            Outer: Outer(reader, workers),
            Eval: EvalSteps(reader, steps, sync),
            Samples: reader.Int(JobKeys.MaxEvalSamples) ?? 256,
            Commit: reader.Int(JobKeys.CommitEvery) ?? Math.Min(20, sync));
        if (model is not null)
        {
            CheckModel(reader, model, length);
            CheckSize(reader, model, draft.Batch, draft.Accumulation, length);
        }

        if (errors.Count > before || model is null)
            return null;
        return new TrainJob
        {
            Model = model,
            InitFrom = init,
            InitId = initId,
            Dataset = dataset!,
            DatasetId = id,
            MaxSteps = steps,
            BatchSize = draft.Batch,
            AccumulationSteps = draft.Accumulation,
            MaxLength = LengthOf(model, length),
            TestSize = draft.TestSize,
            Rate = draft.Rate,
            Optimiser = draft.Optimiser,
            Workers = workers,
            SyncEvery = sync,
            Outer = draft.Outer,
            EvalSteps = draft.Eval,
            MaxEvalSamples = draft.Samples,
            CommitEvery = draft.Commit,
        };
    }

    private static ContentId? Id(JobReader reader, TextKey key)
    {
        if (reader.Text(key) is not { } text)
            return null;
        if (ContentId.TryParse(text, out var id))
            return id;
        reader.Add(key, "is not a content id", "copy it from 'starling quote --explain', or remove it");
        return null;
    }

    private static LearningRate Rate(JobReader reader, int steps)
    {
        LearningRate rate = new()
        {
            Peak = reader.Number(JobKeys.LearningRate) ?? 1e-3f,
            Floor = reader.Number(JobKeys.MinLearningRate) ?? 0,
            WarmupSteps = Warmup(reader, steps),
            TotalSteps = steps,
            Decay = reader.Choice(JobKeys.Scheduler) is { } decay ? (RateDecay)decay : RateDecay.Cosine,
        };
        if (rate.WarmupSteps > steps)
            reader.Add(JobKeys.WarmupSteps, $"is more than max_steps ({steps})", "make it smaller");
        if (rate.Floor > rate.Peak)
            reader.Add(JobKeys.MinLearningRate, "is above learning_rate", "make it smaller");
        return rate;
    }

    private static long Warmup(JobReader reader, int steps)
    {
        var (count, ratio) = (reader.Whole(JobKeys.WarmupSteps), reader.Number(JobKeys.WarmupRatio));
        if (count is not null && ratio is not null)
            reader.Add(JobKeys.WarmupRatio, "stands beside warmup_steps", "keep one of the two");
        return ratio is { } part ? (long)MathF.Ceiling(part * steps) : count ?? steps / 20;
    }

    private static AdamWSettings Optimiser(JobReader reader) => new()
    {
        Beta1 = reader.Number(JobKeys.Beta1) ?? 0.9f,
        Beta2 = reader.Number(JobKeys.Beta2) ?? 0.95f,
        Epsilon = reader.Number(JobKeys.Epsilon) ?? 1e-8f,
        WeightDecay = reader.Number(JobKeys.WeightDecay) ?? 0.1f,
        DecayOn = reader.Choice(JobKeys.DecayOn) is { } group ? (DecayGroup)group : DecayGroup.Matrices,
        ClipNorm = reader.Number(JobKeys.ClipNorm) ?? 1,
    };

    private static OuterSettings Outer(JobReader reader, int workers) => new()
    {
        Rate = reader.Number(JobKeys.OuterRate) ?? (workers > 1 ? 0.7f : 1),
        Momentum = reader.Number(JobKeys.OuterMomentum) ?? (workers > 1 ? 0.9f : 0),
    };

    private static int EvalSteps(JobReader reader, int steps, int sync)
    {
        var rounds = (steps + sync - 1) / sync;
        if (reader.Int(JobKeys.EvalSteps) is not { } eval)
            return Math.Max(rounds / 8, 1) * sync;
        if (eval % sync != 0)
            reader.Add(
                JobKeys.EvalSteps, $"{eval} is no multiple of sync_every ({sync})",
                $"give {Math.Max((eval + (sync / 2)) / sync, 1) * sync}: only merged models are measured");
        return eval;
    }

    private static void CheckSize(JobReader reader, ModelConfig model, int batch, int accumulation, int? length)
    {
        if (TrainLimits.StepProblem(batch, LengthOf(model, length), accumulation) is { Length: > 0 } step)
            reader.Add(JobKeys.BatchSize, step, "make batch_size or max_length smaller");
        if (TrainLimits.ModelProblem(model) is { Length: > 0 } size)
            reader.Add(JobKeys.Model, size, "make it smaller");
        if (Decidable.Problem(model) is { Length: > 0 } undecidable)
            reader.Add(JobKeys.Model, "has an operator without a referee", undecidable);
    }

    private static int LengthOf(ModelConfig model, int? length) =>
        model is DecoderConfig decoder ? length ?? Math.Min(128, decoder.MaxPositions) : 1;

    private static void CheckModel(JobReader reader, ModelConfig model, int? length)
    {
        if (model is not DecoderConfig decoder)
        {
            if (length is not null)
                reader.Add(JobKeys.MaxLength, "does not apply to a table", "remove it");
            if (reader.Has(JobKeys.Tokenizer))
                reader.Add(JobKeys.Tokenizer, "does not apply to a table", "remove it");
            return;
        }

        if (LengthOf(model, length) > decoder.MaxPositions)
            reader.Add(
                JobKeys.MaxLength, $"is more than the model's {decoder.Architecture.Keys.MaxPositions} ({decoder.MaxPositions})",
                "make it smaller, or the model's larger");
        if (decoder.VocabularySize < Starling.Compute.Tokens.ByteTokenizer.VocabularySize)
            reader.Add(
                JobKeys.Model, $"has a vocab_size of {decoder.VocabularySize}; byte tokens need 256", "set vocab_size: 256");
    }
}
