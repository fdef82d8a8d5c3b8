using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Events;

/// <summary>An audit epoch moved on. Auditors act on this.</summary>
public sealed record EpochMoved(ulong Epoch, EpochPhase Phase, Timestamp Due) : LedgerEvent;

/// <summary>An audit epoch is over.</summary>
public sealed record EpochEnded(ulong Epoch) : LedgerEvent;

/// <summary>A drawn auditor showed what it got.</summary>
public sealed record VerdictRevealed(
    ulong Epoch, TaskId Task, int Attempt, NodeId Auditor, Hash256 Root, bool Agrees) : LedgerEvent;

/// <summary>An auditor was silent past a deadline.</summary>
public sealed record AuditorMissed(ulong Epoch, NodeId Auditor) : LedgerEvent;

/// <summary>How a dispute ended. Values are consensus.</summary>
public enum DisputeOutcome
{
    /// <summary>The result is wrong.</summary>
    Convicted = 1,

    /// <summary>The challenge is wrong.</summary>
    Acquitted = 2,

    /// <summary>The defender was silent.</summary>
    DefenderSilent = 3,

    /// <summary>The challenger was silent.</summary>
    ChallengerSilent = 4,

    /// <summary>The result fell for another reason.</summary>
    Moot = 5,

    /// <summary>Nobody had moved, and the challenger gave way to one that committed before it: it waits in line.</summary>
    GaveWay = 6,
}

public sealed record DisputeOpened(
    DisputeId Dispute, TaskId Task, int Attempt, NodeId Defender, NodeId Challenger, Timestamp Due) : LedgerEvent;

/// <summary>A side moved; the other has until the deadline.</summary>
public sealed record DisputeMoved(DisputeId Dispute, DisputeTurn Turn, int Level, Timestamp Due) : LedgerEvent;

public sealed record DisputeClosed(
    DisputeId Dispute, TaskId Task, int Attempt, NodeId Challenger, DisputeOutcome Outcome) : LedgerEvent;

/// <summary>A planted error was shown: how many found it and how many confirmed it.</summary>
public sealed record PlantRevealed(TaskId Task, int Attempt, int Finders, int Missed) : LedgerEvent;

/// <summary>Finding a planted error was paid, out of the sentinels' pool.</summary>
public sealed record PlantPaid(TaskId Task, NodeId To, Credits Amount) : LedgerEvent;

/// <summary>A planted error was not shown in time; what was reserved for it is burned.</summary>
public sealed record PlantLapsed(Hash256 Commitment, Credits Burned) : LedgerEvent;

/// <summary>Faults cluster by a build: until a time none of its results costs stake, and all are audited.</summary>
public sealed record SlashingPaused(string Build, Timestamp Until) : LedgerEvent;
