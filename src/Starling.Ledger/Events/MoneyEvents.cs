using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Events;

/// <summary>Why an amount moved. Values are consensus.</summary>
public enum PaymentReason
{
    Work = 1,
    Audit = 2,

    /// <summary>A share of somebody's lost stake, to whoever showed the fault.</summary>
    Report = 3,

    /// <summary>A share of somebody's lost stake, to whoever it harmed.</summary>
    Compensation = 4,
}

/// <summary>An account was closed; what it held went to another.</summary>
public sealed record AccountClosed(NodeId Who, NodeId To, Credits Credits, Tokens Tokens) : LedgerEvent;

/// <summary>Nothing remembers a closed account any more.</summary>
public sealed record AccountForgotten(NodeId Who) : LedgerEvent;

/// <summary>Credits went from a job's escrow to a worker or an auditor.</summary>
public sealed record Paid(JobId Job, TaskId Task, NodeId To, Credits Amount, PaymentReason Reason) : LedgerEvent;

/// <summary>Credits that a task held went back to its job's escrow.</summary>
public sealed record Refunded(JobId Job, TaskId Task, Credits Amount) : LedgerEvent;

/// <summary>Tokens of lost stake went to somebody.</summary>
public sealed record Compensated(NodeId From, NodeId To, Tokens Amount, PaymentReason Reason) : LedgerEvent;

/// <summary>Why stake was lost. Values are consensus.</summary>
public enum SlashReason
{
    WrongResult = 1,

    /// <summary>A task was not committed in time.</summary>
    NoShow = 2,

    /// <summary>A committed result was not shown in time.</summary>
    NotRevealed = 3,

    /// <summary>A result was taken back.</summary>
    Retracted = 4,

    /// <summary>An auditor owed a verdict.</summary>
    MissedAudit = 5,

    /// <summary>A challenge was lost.</summary>
    FalseChallenge = 6,

    /// <summary>A machine lease ended by its provider without notice.</summary>
    EarlyEnd = 7,

    /// <summary>Chunks of a result were asked for and not opened in time.</summary>
    NotAvailable = 8,
}

/// <summary>Stake was lost; <paramref name="Burned"/> of it went to nobody.</summary>
public sealed record Slashed(NodeId Who, SlashReason Reason, Tokens Amount, Tokens Burned) : LedgerEvent;

/// <summary>A key gets no leases and audits nothing until a time, or for good.</summary>
public sealed record KeyBarred(NodeId Who, Timestamp Until, bool ForGood) : LedgerEvent;

/// <summary>Stake finished unbonding and is free.</summary>
public sealed record Unbonded(NodeId Who, Tokens Amount) : LedgerEvent;
