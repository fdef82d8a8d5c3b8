using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Events;

/// <summary>A provider was given a task, to commit by the deadline.</summary>
public sealed record TaskIssued(
    JobId Job, TaskId Task, int Attempt, string Node, NodeId Provider, Timestamp Deadline) : LedgerEvent;

public sealed record ResultCommitted(JobId Job, TaskId Task, int Attempt, NodeId Provider, ulong? Epoch) : LedgerEvent;

public sealed record ResultRevealed(JobId Job, TaskId Task, int Attempt, NodeId Provider, Hash256 Root) : LedgerEvent;

/// <summary>An attempt ended without a result; the task waits to be reissued, unless its job has stopped.</summary>
public sealed record AttemptLost(
    JobId Job, TaskId Task, int Attempt, NodeId Provider, AttemptStatus How) : LedgerEvent;

/// <summary>A task will never be paid.</summary>
public sealed record TaskVoided(JobId Job, TaskId Task, VoidReason Reason) : LedgerEvent;

/// <summary>Why a task became void. Values are consensus.</summary>
public enum VoidReason
{
    JobStopped = 1,

    /// <summary>A result it builds on was taken back or convicted.</summary>
    ParentFailed = 2,

    /// <summary>Its plan was declared done without it.</summary>
    NotNeeded = 3,

    /// <summary>Its result was wrong on purpose, for auditors to find.</summary>
    Planted = 4,

    /// <summary>Answers are not made again for the ledger: whoever asked asks another worker.</summary>
    AnswersLost = 4,
}

/// <summary>A result is settled for good and paid.</summary>
public sealed record TaskFinal(JobId Job, TaskId Task, int Attempt, NodeId Provider, int Auditors) : LedgerEvent;

/// <summary>Somebody asked for chunks of a result, to be opened in the log by a deadline.</summary>
public sealed record ChunksAsked(
    Hash256 Request, TaskId Task, int Attempt, NodeId Provider, Credits Price, Timestamp Due) : LedgerEvent;

/// <summary>How a request for chunks ended. Values are consensus.</summary>
public enum ChunkEnd
{
    /// <summary>Opened.</summary>
    Answered = 1,

    /// <summary>Not opened in time: the committer is at fault.</summary>
    Silent = 2,

    /// <summary>The result fell for another reason.</summary>
    Moot = 3,
}

/// <summary>A request for chunks is over; what it locked went to whoever answered, or back.</summary>
public sealed record ChunksClosed(Hash256 Request, TaskId Task, ChunkEnd End, NodeId To, Credits Amount) : LedgerEvent;
