namespace Starling.Ledger.Records;

/// <summary>Where an attempt stands. Values are consensus.</summary>
public enum AttemptStatus
{
    /// <summary>Given to a worker, who has until the deadline to commit.</summary>
    Issued = 1,

    /// <summary>Bound to a result that is not shown yet.</summary>
    Committed = 2,

    /// <summary>Shown; the epoch's audits are on their way.</summary>
    Revealed = 3,

    /// <summary>Audits are over; the challenge window runs.</summary>
    Audited = 4,

    /// <summary>All is settled but a result that it builds on.</summary>
    Waiting = 5,

    Final = 6,

    /// <summary>Not committed, or not shown, in time.</summary>
    TimedOut = 7,

    /// <summary>Taken back by its worker before the draw was known.</summary>
    Retracted = 8,

    /// <summary>Proven wrong, or not defended.</summary>
    Convicted = 9,

    /// <summary>The lease ended before it was committed.</summary>
    Dropped = 10,

    /// <summary>The task became void.</summary>
    Void = 11,

    /// <summary>Shown, must be audited, and nobody audits: it waits for an auditor, at most for its job's deadline.</summary>
    Unaudited = 12,

    /// <summary>Wrong on purpose, for auditors to find; its worker is paid.</summary>
    Planted = 13,
}

/// <summary>How far a result can be trusted: what a receipt states (protocol.md, 6).</summary>
public enum TrustLevel
{
    Nothing = 0,

    /// <summary>A bonded worker is bound to it.</summary>
    Committed = 1,

    /// <summary>At least one drawn auditor recomputed it to the same root.</summary>
    Audited = 2,

    /// <summary>Audits and challenge windows are over, here and in all it builds on.</summary>
    Final = 3,
}
