using Starling.Protocol.Batches;

namespace Starling.Host.Ports;

/// <summary>
/// What one node keeps: the batches it applied, how far it got, and the records of its role. One step's changes are
/// kept together or not at all.
/// </summary>
public interface INodeStore : IDisposable
{
    /// <summary>The ordered log of a node that orders it; a follower's own copy otherwise.</summary>
    IOrderedLog Log { get; }

    /// <summary>The role's own records.</summary>
    /// <exception cref="StorageException">The engine failed.</exception>
    IReadOnlyDictionary<string, byte[]> Records();

    /// <summary>Makes the changes durable in one transaction.</summary>
    /// <exception cref="StorageException">Nothing of the changes was kept.</exception>
    CommitResult Commit(StoreChanges changes);
}

/// <summary>
/// Changes of one or more steps: first batches to keep, which must continue the log, then appends, each of which may be
/// refused while the rest is kept all the same, and records, where null removes.
/// </summary>
public sealed class StoreChanges
{
    /// <summary>Becomes the first batch of a log that is empty, at whatever height it is.</summary>
    public Batch? First { get; set; }

    public List<Batch> Appends { get; } = [];

    public List<Batch> Batches { get; } = [];

    public Dictionary<string, byte[]?> Records { get; } = [];

    public bool IsEmpty => First is null && Appends.Count == 0 && Batches.Count == 0 && Records.Count == 0;
}

/// <summary>The outcome of each append, in order.</summary>
public sealed record CommitResult(IReadOnlyList<AppendResult> Appends);
