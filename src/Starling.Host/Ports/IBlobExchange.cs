using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Ports;

/// <summary>Brings blobs from peers into the local store, verified on the way.</summary>
public interface IBlobExchange
{
    /// <summary>True when the blob is in the local store afterwards.</summary>
    /// <exception cref="StorageException">The local store failed.</exception>
    Task<bool> Fetch(Hash256 content, IReadOnlyList<NodeId> holders, CancellationToken cancel);
}
