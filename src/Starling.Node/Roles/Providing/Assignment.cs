using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Providing;

/// <summary>One attempt of one task, as given to this provider.</summary>
internal readonly record struct AssignmentId(TaskId Task, int Attempt)
{
    /// <summary>Names the run, its stored result and its transactions.</summary>
    public string Name => $"{Task.Hash}/{Attempt}";

    public static AssignmentId Of(TaskRecord task, AttemptRecord attempt) => new(task.Id, attempt.Number);
}

/// <summary>How far this provider got with an assignment.</summary>
internal sealed class Assignment(AssignmentId id)
{
    public AssignmentId Id { get; } = id;

    public AssignmentStage Stage { get; set; } = AssignmentStage.Preparing;

    /// <summary>The result, once computed.</summary>
    public ResultClaim? Claim { get; set; }

    public int Tries { get; set; }

    public Timestamp RetryAt { get; set; }
}

internal enum AssignmentStage
{
    /// <summary>Checked against the plan; its inputs are on their way.</summary>
    Preparing,

    Running,

    Computed,

    /// <summary>Left to its deadline: off the plan, or tried too often.</summary>
    GivenUp,
}
