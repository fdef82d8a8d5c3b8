using Starling.Host.Ports;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;

namespace Starling.Host.Storage;

/// <summary>The newest snapshot of a node's own that can be read, for whoever need not know how the state came about.</summary>
/// <param name="State">The state, under the root that the header holds.</param>
/// <param name="Offer">Where it is in the log.</param>
public sealed record SnapshotStart(LedgerState State, SnapshotOffer Offer)
{
    /// <summary>The snapshot to start from; null where there is none, or none so early.</summary>
    /// <param name="records">The node's records.</param>
    /// <param name="blobs">Hold the snapshots.</param>
    /// <param name="genesis">The network.</param>
    /// <param name="atMost">The latest height wanted.</param>
    public static SnapshotStart? Find(
        IReadOnlyDictionary<string, byte[]> records, IBlobStore blobs, GenesisRecord genesis, ulong atMost = ulong.MaxValue)
    {
        foreach (var offer in SnapshotKeeper.Stored(records))
            if (offer.Height <= atMost && blobs.Read(offer.Content) is { } bytes && TryOpen(offer, bytes, genesis) is { } state)
                return new SnapshotStart(state, offer);
        return null;
    }

    // A snapshot that a build with other tables wrote is no loss: the log is there.
    private static LedgerState? TryOpen(SnapshotOffer offer, byte[] bytes, GenesisRecord genesis)
    {
        try
        {
            return offer.Open(bytes, genesis);
        }
        catch (DecodeException)
        {
            return null;
        }
    }
}
