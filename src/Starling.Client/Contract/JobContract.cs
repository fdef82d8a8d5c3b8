namespace Starling.Client.Contract;

/// <summary>A batch holds the transaction that opened the job.</summary>
public sealed record JobOpenedInfo(string Job);

/// <summary>Jobs, newest first.</summary>
public sealed record JobPage(IReadOnlyList<JobLine> Jobs);

/// <summary>One line about a job. <paramref name="Phase"/> is one of <see cref="JobPhases"/>.</summary>
public sealed record JobLine(
    string Id, string Spec, string Owner, string Phase, string Stage, DateTimeOffset Opened, DateTimeOffset? Ended,
    string? Reason);

/// <summary>The phases of a job, in order.</summary>
public static class JobPhases
{
    public const string Waiting = "waiting";
    public const string Running = "running";
    public const string Settling = "settling";
    public const string Done = "done";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";

    public static bool IsEnd(string phase) => phase is Done or Cancelled or Failed;
}

/// <summary>A job as it stands.</summary>
public sealed record JobInfo(
    JobLine Job, ProgressInfo Progress, MoneyInfo Money, AuditInfo Audits, IReadOnlyList<ShareInfo> Providers,
    IReadOnlyList<EventInfo> Events, ResultInfo? Result);

/// <summary>How far the plan is. Losses are nats per token.</summary>
public sealed record ProgressInfo(
    long StepsDone, long StepsTotal, int TasksDone, int TasksTotal, double? Loss, double? HeldOutLoss,
    double? TokensPerSecond);

/// <summary>Micro-credits and work units, spent and at most.</summary>
public sealed record MoneyInfo(ulong SpentMicro, ulong LimitMicro, ulong Work, ulong WorkLimit);

/// <summary>Audits of the job's results, by attempt.</summary>
public sealed record AuditInfo(int Pending, int Confirmed, int Unaudited, int Disputed, int Convicted);

/// <summary>What one provider did for the job.</summary>
public sealed record ShareInfo(string Provider, int Shown, int Final, int Lost, int Convicted, ulong Work);

/// <summary>Something that happened to the job, in words.</summary>
public sealed record EventInfo(DateTimeOffset Time, ulong Height, string Kind, string Text);

/// <summary>What the plan gave: its last task and the content ids of its outputs, in the program's order.</summary>
public sealed record ResultInfo(string Task, IReadOnlyList<string> Outputs);

/// <summary>Why a job has the providers it has: one entry for every standing offer.</summary>
public sealed record ExplanationInfo(string Job, IReadOnlyList<OfferExplanation> Offers);

/// <summary>What came of one offer.</summary>
public sealed record OfferExplanation(string Offer, string Provider, int Leases, string Reason);
