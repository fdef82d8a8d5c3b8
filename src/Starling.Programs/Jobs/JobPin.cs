using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Programs.Tables;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Jobs;

/// <summary>A pinned specification or what is wrong with the job's files; exactly one of the two.</summary>
public sealed record JobPinned(JobSpec? Spec, IReadOnlyList<JobError> Errors);

/// <summary>Binds a job to the content of its files.</summary>
internal static class JobPin
{
    private const int MaxText = 1 << 28;

    public static JobPinned Pin(JobParse parse, ReadOnlySpan<byte> dataset, ReadOnlyMemory<byte>? init)
    {
        var job = parse.Job ?? throw new InvalidOperationException("a job with errors cannot be pinned");
        var train = (TrainJob)job.Work;
        ContentId content = ContentId.Of(dataset);
        List<JobError> errors = [];
        if (train.DatasetId is { } expected && expected != content)
            errors.Add(parse.ErrorAt(
                "train.dataset_id", $"the dataset's content id is {content}", "restore the file, or remove dataset_id"));
        var records = 0;
        var problem = train.Model is MlpConfig table
            ? CheckTable(train, table, dataset, out records)
            : CheckText(train, dataset, out records);
        if (problem.Length > 0)
            errors.Add(parse.ErrorAt("train.dataset", problem, "use another file, or change the job to fit it"));
        var weights = train.InitFrom is null ? null : PinInit(parse, train, init, errors);
        if (errors.Count > 0)
            return new JobPinned(null, errors);
        JobInput input = new(content.Hash, dataset.Length, records);
        ContentId? initId = weights is null ? null : new ContentId(weights.Content);
        var pinned = job with { Work = train with { DatasetId = content, InitId = initId } };
        var need = JobMemory.NeedMiB(train, input.Records);
        if (job.Resources.MemoryMiB is { } given && given < need)
            return new JobPinned(null, [JobMemory.TooLittle(parse, given, need)]);
        pinned = pinned with { Resources = job.Resources with { MemoryMiB = job.Resources.MemoryMiB ?? need } };
        return new JobPinned(new JobSpec(pinned, input) { Init = weights }, []);
    }

    private static JobInit? PinInit(JobParse parse, TrainJob train, ReadOnlyMemory<byte>? init, List<JobError> errors)
    {
        if (init is not { } bytes)
            throw new ArgumentException("the job starts from weights that were not given", nameof(init));
        var content = ContentId.Of(bytes.Span);
        if (train.InitId is { } expected && expected != content)
            errors.Add(parse.ErrorAt(
                "train.init_from", $"the weights' content id is {content}", "restore the file, or remove init_id"));
        using TensorMemory memory = new(train.Model.CreateLayout());
        if (Checkpoint.Read(train.Model, bytes, memory) is { } problem)
            errors.Add(parse.ErrorAt(
                "train.init_from", $"holds no such model: {problem.Message}", "make 'model' the one that the file holds"));
        return new JobInit(content.Hash, bytes.Length);
    }

    private static string CheckText(TrainJob job, ReadOnlySpan<byte> text, out int tokens)
    {
        tokens = text.Length;
        if (text.Length > MaxText)
            return $"has {text.Length} bytes; at most {MaxText} are read";
        return DataSplit.TooShort(job, tokens);
    }

    private static string CheckTable(TrainJob job, MlpConfig model, ReadOnlySpan<byte> csv, out int rows)
    {
        rows = 0;
        if (TableFile.Parse(csv, out var problem) is not { } table)
            return problem;
        rows = table.Rows;
        if (table.Columns != model.InputSize)
            return $"has {table.Columns} features; the model's input_size is {model.InputSize}";
        if (table.Classes > model.Labels)
            return $"has a class {table.Classes - 1}; the model's num_labels is {model.Labels}";
        return DataSplit.TooShort(job, rows);
    }
}
