using Starling.Ledger.State;
using Starling.Node.Contract;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Node.Chain;

/// <summary>
/// Takes a snapshot of the state every so many batches, at the same heights on every node, so that its bytes and their
/// content id are the same everywhere. It counts once the next header is there. The last two are kept: a peer may still be
/// fetching the older one.
/// </summary>
/// <param name="every">Batches from one to the next; 0 for none.</param>
public sealed class SnapshotKeeper(int every)
{
    /// <summary>A larger state has no snapshot: no store would take it as a blob.</summary>
    private const int MaxBytes = 1 << 30;

    private const string Newest = "snapshot";
    private const string Older = "snapshot/older";

    private SnapshotOffer? _older;
    private (Batch Last, byte[] Bytes)? _taken;

    /// <summary>The newest snapshot that others may have.</summary>
    public SnapshotOffer? Current { get; private set; }

    /// <summary>The snapshots among a node's records, newest first.</summary>
    public static IEnumerable<SnapshotOffer> Stored(IReadOnlyDictionary<string, byte[]> records)
    {
        foreach (var key in (string[])[Newest, Older])
            if (records.TryGetValue(key, out var bytes))
                yield return RecordCodec.Decode<SnapshotOffer>(bytes);
    }

    internal void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        var stored = Stored(records).ToArray();
        (Current, _older) = (stored.ElementAtOrDefault(0), stored.ElementAtOrDefault(1));
    }

    /// <summary>A batch was applied, which the log took just now.</summary>
    internal void Applied(LedgerState state, Batch batch, EffectList effects)
    {
        if (_taken is var (last, bytes) && bytes.Length <= MaxBytes)
        {
            effects.Add(new PutBlob(bytes));
            Keep(new SnapshotOffer(ContentId.Of(bytes).Hash, last, batch.Header), effects);
        }

        _taken = every > 0 && state.Height % (ulong)every == 0 ? (batch, RecordCodec.Encode(Snapshot.Of(state))) : null;
    }

    /// <summary>Keeps a snapshot whose blob the store holds.</summary>
    internal void Keep(SnapshotOffer offer, EffectList effects)
    {
        if (_older is { } oldest && oldest.Content != Current?.Content)
            effects.Add(new DropBlob(oldest.Content));
        (_older, Current) = (Current, offer);
        effects.Add(new StoreRecord(Newest, RecordCodec.Encode(offer)));
        if (_older is not null)
            effects.Add(new StoreRecord(Older, RecordCodec.Encode(_older)));
    }
}
