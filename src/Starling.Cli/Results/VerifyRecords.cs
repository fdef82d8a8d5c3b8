namespace Starling.Cli.Results;

/// <summary>What <c>verify</c> found.</summary>
internal sealed record VerifyResult(
    bool Verified, string? Reason, string Trust, string? Job, IReadOnlyList<VerifyCheck> Checks, VerifyAudits? Audits)
{
    public VerifyOutcome? Outcome { get; init; }

    public VerifyReplay? Replay { get; init; }
}

internal sealed record VerifyCheck(string Check, bool Holds, string Reason);

internal sealed record VerifyAudits(int Tasks, int Audited, double LowestOdds, int Convicted);

/// <summary>How the job ended.</summary>
/// <param name="End">completed, faulted or stopped.</param>
/// <param name="Paid">Credits that its owner paid.</param>
internal sealed record VerifyOutcome(string End, string Why, string AtFault, decimal Paid, int TasksPaid, int TasksVoid);

/// <summary>What was recomputed here.</summary>
/// <param name="Seed">Drew the tasks; null when all were to be recomputed.</param>
internal sealed record VerifyReplay(
    bool Holds, int Tasks, int Drawn, ulong? Seed, IReadOnlyList<string> Recomputed, IReadOnlyList<VerifyMissing> Missing,
    string Reason);

internal sealed record VerifyMissing(string Task, int Input, string Content, string From);

/// <summary>What <c>verify --response</c> found.</summary>
/// <param name="Id">The request's.</param>
/// <param name="Model">What the gateway calls the model.</param>
/// <param name="Recomputed">Whether the answers were made again.</param>
internal sealed record ResponseResult(
    bool Verified, string? Reason, string? Id, string? Model, bool Recomputed, IReadOnlyList<VerifyCheck> Checks);
