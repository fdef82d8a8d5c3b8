using Starling.Ledger.State;
using Starling.Node.Messages;
using Starling.Programs.Tasks;
using Starling.Protocol.Batches;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Contract;

/// <summary>What can happen to a role.</summary>
public abstract record Input;

/// <summary>
/// First input after every start: the batches this node stored, ascending from height 1 or from the state given, and its
/// own stored records.
/// </summary>
public sealed record Started(IReadOnlyList<Batch> Log, IReadOnlyDictionary<string, byte[]> Records) : Input
{
    /// <summary>The state before the first batch of the log; null for genesis.</summary>
    public LedgerState? State { get; init; }

    /// <summary>The first height that the store holds.</summary>
    public ulong StoredFrom { get; init; } = 1;
}

/// <summary>A peer sent a message. The transport vouches for <paramref name="From"/>.</summary>
public sealed record MessageReceived(NodeId From, Message Message) : Input;

/// <summary>A timer that the role set has come due.</summary>
public sealed record TimerFired(string Timer) : Input;

/// <summary>The ordered log took the batch that the role appended, or refused it because another holds its height.</summary>
public sealed record BatchAppended(Batch Batch, bool Accepted) : Input;

/// <summary>A fetch ended: the blob is in the local store, or no holder gave bytes that match its content id.</summary>
public sealed record BlobFetched(Hash256 Content, bool Found) : Input;

/// <summary>A task that the role started has ended; its outputs are in the local store.</summary>
public sealed record TaskEnded(string Run, TaskOutcome Outcome) : Input;

/// <summary>The move asked for by <see cref="PlayMove"/>; null, with the reason, when there is none to make.</summary>
public sealed record MoveReady(string Run, TransactionBody? Move, string? Problem) : Input;

/// <summary>The bytes of a blob that the role asked to read; null when the store does not hold it.</summary>
public sealed record BlobRead(string Tag, Hash256 Content, byte[]? Bytes) : Input;

/// <summary>Somebody outside asks something of this node; the role answers with <see cref="Reply"/>.</summary>
public sealed record RequestReceived(string Request, NodeRequest Body) : Input;
