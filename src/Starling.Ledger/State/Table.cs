using System.Runtime.InteropServices;
using Starling.Protocol.Encoding;

namespace Starling.Ledger.State;

/// <summary>
/// One kind of record of the state, by key. Reading is open to all; only the ledger writes. Records are immutable, so
/// a reader may keep what it found.
/// </summary>
public sealed class Table<TKey, TRecord> : ITable
    where TKey : struct, IEquatable<TKey>
    where TRecord : class, IRecord<TRecord>
{
    private readonly Dictionary<TKey, TRecord> _records = [];
    private readonly List<(TKey Key, TRecord? Old)> _undo = [];
    private readonly Journal _journal;
    private readonly Func<TRecord, TKey> _keyOf;
    private readonly Func<TKey, StateKey> _stateKey;

    internal Table(Journal journal, Func<TRecord, TKey> keyOf, Func<TKey, StateKey> stateKey)
    {
        _journal = journal;
        _keyOf = keyOf;
        _stateKey = stateKey;
    }

    /// <summary>Called after every change, undone ones included, with the record before and after.</summary>
    internal Action<TRecord?, TRecord?>? Changed { get; set; }

    public int Count => _records.Count;

    /// <summary>The record, or null.</summary>
    public TRecord? Find(TKey key) => _records.GetValueOrDefault(key);

    /// <summary>All records, in the order of their keys. Sorts: for people and snapshots.</summary>
    public IReadOnlyList<TRecord> InOrder()
    {
        var records = new List<(StateKey Key, TRecord Record)>(_records.Count);
        foreach (var (key, record) in _records)
            records.Add((_stateKey(key), record));
        records.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        return records.ConvertAll(static r => r.Record);
    }

    /// <summary>A record that must be there.</summary>
    internal TRecord Get(TKey key) => _records[key];

    internal void Put(TRecord record) => Write(_keyOf(record), record);

    internal void Remove(TKey key) => Write(key, null);

    void IJournaled.UndoLast()
    {
        var (key, old) = _undo[^1];
        _undo.RemoveAt(_undo.Count - 1);
        Set(key, old);
    }

    void ITable.CollectChanges(List<TreeChange> changes)
    {
        if (_undo.Count == 0)
            return;
        var seen = new HashSet<TKey>(_undo.Count);
        foreach (var (key, _) in _undo)
        {
            if (seen.Add(key))
                changes.Add(new TreeChange(_stateKey(key).Path(), HashOf(Find(key))));
        }
    }

    void ITable.CollectAll(List<TreeChange> all)
    {
        foreach (var (key, record) in _records)
            all.Add(new TreeChange(_stateKey(key).Path(), HashOf(record)));
    }

    void ITable.Forget() => _undo.Clear();

    void ITable.Save(List<byte[]> records)
    {
        foreach (var record in InOrder())
            records.Add(RecordCodec.Encode(record));
    }

    void ITable.Load(byte[] record) => Put(RecordCodec.Decode<TRecord>(record));

    private static Protocol.Hashing.Hash256? HashOf(TRecord? record) =>
        record is null ? null : StateProof.ValueHash(RecordCodec.Encode(record));

    private void Write(TKey key, TRecord? record)
    {
        _undo.Add((key, Set(key, record)));
        _journal.Wrote(this);
    }

    private TRecord? Set(TKey key, TRecord? record)
    {
        TRecord? old;
        if (record is null)
        {
            _records.Remove(key, out old);
        }
        else
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_records, key, out _);
            (old, place) = (place, record);
        }

        Changed?.Invoke(old, record);
        return old;
    }
}

/// <summary>What the state does with every table alike.</summary>
internal interface ITable : IJournaled
{
    /// <summary>Adds one change for each key written since <see cref="Forget"/>.</summary>
    void CollectChanges(List<TreeChange> changes);

    /// <summary>Adds one change for every record.</summary>
    void CollectAll(List<TreeChange> all);

    void Forget();

    /// <summary>Appends every record, encoded, in the order of their keys.</summary>
    void Save(List<byte[]> records);

    void Load(byte[] record);
}
