using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol.Identity;

namespace Starling.Simulation.Market;

/// <summary>What a provider sees when it decides whether to lie about a task: all of it stands in the ledger.</summary>
public sealed record Situation(LedgerState State, TaskRecord Task, StakeRecord Stake)
{
    public AttemptRecord Attempt => Task.Current;

    /// <summary>Whether nobody is certain to look.</summary>
    public bool Unwatched => !Attempt.AuditRequired && Attempt.AuditPpm < 1_000_000;
}

/// <summary>How a provider of the market behaves.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Lies">Whether it shows a wrong result for a task; null for never.</param>
public sealed record ProviderStyle(string Name, Func<Situation, bool>? Lies = null)
{
    public static ProviderStyle Honest { get; } = new("honest");

    /// <summary>Lies at every task.</summary>
    public static ProviderStyle Always { get; } = new("always", static _ => true);

    /// <summary>Lies whenever an audit is not certain: the best a liar can do with what it knows.</summary>
    public static ProviderStyle WhenUnwatched { get; } = new("when-unwatched", static s => s.Unwatched);

    /// <summary>The first state that is wrong in a lie: 0 for all of it, the last for one step.</summary>
    public int FirstWrong { get; init; }

    /// <summary>Takes tasks and never commits.</summary>
    public bool Silent { get; init; }

    /// <summary>Commits and never shows.</summary>
    public bool Hides { get; init; }

    /// <summary>Commits to another provider's commitment of the same round, which it cannot open.</summary>
    public bool Copies { get; init; }

    /// <summary>Commits, shows and moves only in the last moment.</summary>
    public bool Stalls { get; init; }

    /// <summary>The build that its offer names.</summary>
    public string Build { get; init; } = "";

    /// <summary>A key of the same owner that challenges every lie for the reporter's share.</summary>
    public ISigner? Accomplice { get; init; }
}

/// <summary>How an auditor of the market judges.</summary>
public enum AuditorStyle
{
    Honest,

    /// <summary>Agrees with whatever it is drawn for, without computing.</summary>
    AlwaysAgrees,

    /// <summary>Agrees with every liar and is honest otherwise.</summary>
    Colludes,

    /// <summary>Disputes whatever it is drawn for.</summary>
    AlwaysDisputes,

    /// <summary>Never commits to a verdict.</summary>
    Silent,
}
