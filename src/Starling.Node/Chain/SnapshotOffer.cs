using Starling.Ledger.State;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Node.Chain;

/// <summary>
/// A snapshot of the ledger's state, and what shows that it is the log's: the batch after which it was taken, whose
/// header holds the root, and the header after that, which holds the root of all headers so far.
/// </summary>
/// <param name="Content">The blob that holds the <see cref="Snapshot"/>: the same on every node.</param>
/// <param name="Last">The batch whose state it is.</param>
/// <param name="Next">The header of the batch after it.</param>
public sealed record SnapshotOffer(Hash256 Content, Batch Last, SignedHeader Next) : IRecord<SnapshotOffer>
{
    public static RecordType Type => RecordType.SnapshotOffer;

    public ulong Height => Last.Header.Header.Height;

    public static SnapshotOffer Read(FieldReader f) => new(f.Hash(1), f.Nested<Batch>(2), f.Nested<SignedHeader>(3));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Content);
        f.Record(2, Last);
        f.Record(3, Next);
    }

    /// <summary>Why this cannot be of the network; null when its producer signed both headers and the one follows the other.</summary>
    public string? Problem(GenesisRecord genesis, ISignatureScheme scheme)
    {
        var (last, next) = (Last.Header.Header, Next.Header);
        if (last.Chain != genesis.ChainId() || next.Chain != last.Chain)
            return "its headers are of another chain";
        if (last.Producer != genesis.Producer || next.Producer != genesis.Producer || !Last.Header.Verify(scheme) || !Next.Verify(scheme))
            return "its headers are not signed by the network's producer";
        if (next.Height != last.Height + 1 || next.Previous != Last.Header.Hash)
            return "its second header does not follow the first";
        return Batch.RootOf(Last.Transactions) == last.Transactions ? null : "its batch holds other transactions than its header says";
    }

    /// <summary>The state in the bytes, once every record of it is found under the root that the producer signed.</summary>
    /// <exception cref="DecodeException">They are no snapshot, or one of another state.</exception>
    public LedgerState Open(ReadOnlyMemory<byte> bytes, GenesisRecord genesis)
    {
        var snapshot = RecordCodec.Decode<Snapshot>(bytes);
        if (snapshot.Root != Last.Header.Header.State)
            throw new DecodeException(
                nameof(SnapshotOffer), $"the snapshot has the root {snapshot.Root}, the header {Last.Header.Header.State}");
        var state = snapshot.Restore(genesis);
        if (state.Height != Height || state.LastHeader != Last.Header.Hash || state.History.Root != Next.Header.History)
            throw new DecodeException(nameof(SnapshotOffer), "the snapshot names other headers than the log has");
        return state;
    }
}
