using Starling.Protocol;

namespace Starling.Node.Messages.Requests;

/// <summary>A batch holds the transaction that opened the job.</summary>
public sealed record JobOpened(JobId Job) : NodeResponse;

/// <summary>A request that was not met; nothing was changed by it.</summary>
public sealed record RequestRefused(RequestRefusal Code, string Reason) : NodeResponse;

/// <summary>Why a request was not met.</summary>
public enum RequestRefusal
{
    UnknownJob = 1,

    /// <summary>The transaction is malformed, badly signed, expired, or for another chain.</summary>
    BadTransaction = 2,

    /// <summary>The ledger took the transaction and refused what it asks; the reason names the ledger's code.</summary>
    RefusedByLedger = 3,

    /// <summary>The job belongs to another key, or names another coordinator.</summary>
    NotOurs = 4,

    /// <summary>A queue is full: ask again later.</summary>
    Busy = 5,
}

/// <summary>Jobs, newest first.</summary>
public sealed record JobList(IReadOnlyList<JobSummary> Jobs) : NodeResponse;

/// <summary>What became of a transaction.</summary>
/// <param name="Id">The transaction.</param>
/// <param name="State">How far it got.</param>
/// <param name="Height">The batch that holds it, when one does.</param>
/// <param name="Code">The ledger's code by name, when it was refused.</param>
public sealed record TransactionStatus(TransactionId Id, TransactionState State, ulong? Height, string? Code)
    : NodeResponse;

/// <summary>How far a transaction got.</summary>
public enum TransactionState
{
    /// <summary>In no batch, and not on its way through this node.</summary>
    Unknown = 0,

    /// <summary>Sent to the sequencer, in no batch yet.</summary>
    Pending = 1,

    /// <summary>In a batch, and it did what it asks.</summary>
    Applied = 2,

    /// <summary>In a batch, and the ledger refused what it asks.</summary>
    Refused = 3,

    /// <summary>Never to be in a batch: its last valid time has passed.</summary>
    Expired = 4,
}
