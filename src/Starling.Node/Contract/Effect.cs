using Starling.Ledger.Records;
using Starling.Node.Messages;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Contract;

/// <summary>What a role asks its driver to do. Effects of one step become durable together before any is visible.</summary>
public abstract record Effect;

/// <summary>Sends a message. Delivery is at most once and unordered; the protocol above repeats what matters.</summary>
public sealed record Send(NodeId To, Message Message) : Effect;

/// <summary>Sends a message to every known peer.</summary>
public sealed record Broadcast(Message Message) : Effect;

/// <summary>Sends batches that only the store still holds, as announcements, at most so many.</summary>
public sealed record SendStored(NodeId To, ulong FromHeight, int Max) : Effect;

/// <summary>A peer brought what no honest node can bring: the transport keeps it away for a while.</summary>
public sealed record Penalise(NodeId Peer, string Reason) : Effect;

/// <summary>Sets or moves the named timer; null clears it.</summary>
public sealed record SetTimer(string Timer, Timestamp? At) : Effect;

/// <summary>Appends a batch to the ordered log at its own height; answered by <see cref="BatchAppended"/>.</summary>
public sealed record AppendBatch(Batch Batch) : Effect;

/// <summary>Stores a batch that was verified and applied.</summary>
public sealed record StoreBatch(Batch Batch) : Effect;

/// <summary>Makes a batch the first of a log that is empty: the state before and after it came from a snapshot.</summary>
public sealed record StartLog(Batch Batch) : Effect;

/// <summary>Stores a record of the role's own; null removes it.</summary>
public sealed record StoreRecord(string Key, byte[]? Value) : Effect;

/// <summary>Brings a blob into the local store; answered by <see cref="BlobFetched"/>.</summary>
public sealed record FetchBlob(Hash256 Content, IReadOnlyList<NodeId> Holders) : Effect;

/// <summary>Puts bytes into the local store under their content id.</summary>
public sealed record PutBlob(byte[] Bytes) : Effect;

/// <summary>Removes a blob that this node made for itself and needs no more.</summary>
public sealed record DropBlob(Hash256 Content) : Effect;

/// <summary>Reads a small blob (a specification, metrics) from the local store; answered by <see cref="BlobRead"/>.</summary>
public sealed record ReadBlob(string Tag, Hash256 Content) : Effect;

/// <summary>
/// Runs a task whose inputs are in the local store; answered by <see cref="TaskEnded"/>. <paramref name="Purpose"/>
/// orders waiting runs: work before audits, steering before the rest.
/// </summary>
public sealed record RunTask(string Run, TaskSpec Spec, RunPurpose Purpose) : Effect;

/// <summary>
/// Works out this node's next move of a dispute by recomputing the task, whose inputs are in the local store; answered
/// by <see cref="MoveReady"/>. The move is a pure function of the arguments, so asking again gives the same.
/// </summary>
/// <param name="Run">Names this request.</param>
/// <param name="Spec">The task in dispute.</param>
/// <param name="Claim">The result that the defender showed.</param>
/// <param name="Dispute">The dispute as the ledger has it: whose turn it is, and where the search stands.</param>
public sealed record PlayMove(string Run, TaskSpec Spec, ResultClaim Claim, DisputeRecord Dispute) : Effect;

/// <summary>Stops a run nobody needs any more; no completion follows.</summary>
public sealed record CancelRun(string Run) : Effect;

/// <summary>Answers a request from outside; <paramref name="Last"/> ends a stream of answers.</summary>
public sealed record Reply(string Request, NodeResponse Body, bool Last = true) : Effect;

/// <summary>Tells people and metrics what happened, in words and numbers without secrets.</summary>
public sealed record Report(string Event, IReadOnlyDictionary<string, object> Fields) : Effect;

/// <summary>Why a run is made.</summary>
public enum RunPurpose
{
    Work = 1,
    Audit = 2,
}
