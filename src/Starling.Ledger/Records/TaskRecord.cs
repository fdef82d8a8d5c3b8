using Starling.Ledger.Answers;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Records;

/// <summary>Where a task stands. Values are consensus.</summary>
public enum TaskPhase
{
    /// <summary>Its last attempt is on its way.</summary>
    Live = 1,

    /// <summary>Its last attempt failed: it waits to be reissued.</summary>
    Lost = 2,

    /// <summary>Paid and settled for good.</summary>
    Final = 3,

    /// <summary>Will never be paid: its job stopped, or a result it builds on was convicted.</summary>
    Void = 4,
}

/// <summary>One task and the history of its attempts: what a receipt shows under a header.</summary>
/// <param name="Id">The task.</param>
/// <param name="Job">Its job.</param>
/// <param name="Issue">As issued; its provider is the first attempt's.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="LostAt">When it last became <see cref="TaskPhase.Lost"/>.</param>
/// <param name="Attempts">Oldest first; the last one is current.</param>
public sealed record TaskRecord(
    TaskId Id, JobId Job, TaskIssue Issue, TaskPhase Phase, Timestamp LostAt, AttemptRecord[] Attempts)
    : IRecord<TaskRecord>
{
    public const int MaxAttempts = 32;

    public static RecordType Type => RecordType.Task;

    /// <summary>Set where the task is one interval's answers of a worker.</summary>
    public AnswerTerms? Answers { get; init; }

    public AttemptRecord Current => Attempts[^1];

    /// <summary>The result that children may build on; null before it is shown and after it failed.</summary>
    public ResultClaim? Result => Phase is TaskPhase.Live or TaskPhase.Final ? Current.Claim : null;

    public static TaskRecord Read(FieldReader f)
    {
        var record = new TaskRecord(
            new TaskId(f.Hash(1)), new JobId(f.Hash(2)), f.Nested<TaskIssue>(3), (TaskPhase)f.Int32(4, 1, 4), f.Time(5),
            f.Records<AttemptRecord>(6, MaxAttempts))
        {
            Answers = f.OptionalNested<AnswerTerms>(7),
        };
        return record.Attempts.Length > 0 ? record : throw f.Fail(6, "a task has at least one attempt");
    }

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Hash);
        f.Hash(2, Job.Hash);
        f.Record(3, Issue);
        f.Integer(4, (int)Phase);
        f.Time(5, LostAt);
        f.Records(6, Attempts);
        f.OptionalRecord(7, Answers);
    }

    internal TaskRecord WithCurrent(AttemptRecord attempt)
    {
        var attempts = (AttemptRecord[])Attempts.Clone();
        attempts[^1] = attempt;
        return this with { Attempts = attempts };
    }
}
