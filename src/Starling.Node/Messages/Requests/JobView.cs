using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Node.Messages.Requests;

/// <summary>A job as people watch it. Times are the ledger's; amounts are micro-credits.</summary>
public sealed record JobView(
    JobSummary Summary,
    JobProgress Progress,
    JobMoney Money,
    AuditCounts Audits,
    IReadOnlyList<ProviderShare> Providers,
    IReadOnlyList<JobEvent> Events,
    JobResult? Result) : NodeResponse;

/// <summary>One line about a job.</summary>
/// <param name="Id">The job.</param>
/// <param name="Spec">Content id of its specification.</param>
/// <param name="Owner">Who pays.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="Stage">The plan's own name for what it does now, for example <c>round 3 of 8</c>.</param>
/// <param name="Opened">Time of the batch that opened it.</param>
/// <param name="Ended">Time of the batch that closed it.</param>
/// <param name="Reason">Why it waits or failed, where there is something to say.</param>
public sealed record JobSummary(
    JobId Id, Hash256 Spec, NodeId Owner, JobPhase Phase, string Stage, Timestamp Opened, Timestamp? Ended,
    string? Reason);

/// <summary>Where a job stands.</summary>
public enum JobPhase
{
    /// <summary>No offer is leased to it yet.</summary>
    Waiting = 1,

    Running = 2,

    /// <summary>Every task is done; audits and challenge windows are still open.</summary>
    Settling = 3,

    /// <summary>Every task is final and paid.</summary>
    Done = 4,

    Cancelled = 5,

    /// <summary>Ended without its result: deadline passed, plan refused, escrow used up.</summary>
    Failed = 6,
}

/// <summary>How far the plan is. Losses are nats per token as the program reports them; null before the first.</summary>
public sealed record JobProgress(
    long StepsDone,
    long StepsTotal,
    int TasksDone,
    int TasksTotal,
    double? Loss,
    double? HeldOutLoss,
    double? TokensPerSecond);

/// <summary>Micro-credits: paid out or owed for results shown so far, and the escrow that bounds it.</summary>
public sealed record JobMoney(UInt128 Spent, UInt128 Limit, ulong Work, ulong WorkLimit);

/// <summary>Audits of the job's results, by attempt.</summary>
/// <param name="Pending">Results shown whose audit is not over.</param>
/// <param name="Confirmed">Results that some auditor recomputed to the same root.</param>
/// <param name="Unaudited">Final results that nobody was drawn for.</param>
/// <param name="Disputed">Results under dispute now.</param>
/// <param name="Convicted">Attempts whose worker lost its stake.</param>
public sealed record AuditCounts(int Pending, int Confirmed, int Unaudited, int Disputed, int Convicted);

/// <summary>What one provider did for the job.</summary>
public sealed record ProviderShare(NodeId Provider, int Shown, int Final, int Lost, int Convicted, ulong Work);

/// <summary>Something that happened to the job, in words.</summary>
public sealed record JobEvent(Timestamp Time, ulong Height, string Kind, string Text);

/// <summary>What the finished plan gave: the last task and its outputs, in the program's order.</summary>
public sealed record JobResult(TaskId Task, IReadOnlyList<Hash256> Outputs);
