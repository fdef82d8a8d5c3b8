using Starling.Node.Contract;
using Starling.Protocol.Batches;

namespace Starling.Simulation.Engine;

/// <summary>
/// What one node has on disk: its log and its role's records. One step's changes are kept together: what a crash tore is
/// rolled back when the node starts again, as a database does with its journal.
/// </summary>
public sealed class SimStore
{
    private readonly List<Batch> _log = [];
    private readonly SortedDictionary<string, byte[]> _records = new(StringComparer.Ordinal);
    private (int Log, List<(string Key, byte[]? Value)> Records)? _before;

    public IReadOnlyList<Batch> Log => _log;

    public IReadOnlyDictionary<string, byte[]> Records => _records;

    /// <summary>A planted bug: a torn write is read as if it were whole.</summary>
    public bool BelievesTornWrites { get; set; }

    public Started Load()
    {
        if (!BelievesTornWrites)
            RollBack();
        _before = null;
        return new([.. _log], new SortedDictionary<string, byte[]>(_records, StringComparer.Ordinal));
    }

    /// <summary>Makes one step's changes durable; gives what became of each append.</summary>
    public IReadOnlyList<BatchAppended> Commit(IEnumerable<Effect> effects)
    {
        var appended = new List<BatchAppended>();
        foreach (var effect in effects)
            switch (effect)
            {
                case AppendBatch append:
                    var accepted = append.Batch.Header.Header.Height == (ulong)_log.Count + 1;
                    if (accepted)
                        _log.Add(append.Batch);
                    appended.Add(new BatchAppended(append.Batch, accepted));
                    break;
                case StoreBatch store:
                    if (store.Batch.Header.Header.Height != (ulong)_log.Count + 1)
                        throw new InvalidOperationException(
                            $"batch {store.Batch.Header.Header.Height} stored after {_log.Count}");
                    _log.Add(store.Batch);
                    break;
                case StoreRecord { Value: { } value } record:
                    _records[record.Key] = value;
                    break;
                case StoreRecord record:
                    _records.Remove(record.Key);
                    break;
            }

        return appended;
    }

    /// <summary>A crash while a step's changes are written: some reach the disk, some by half, some do not.</summary>
    public void Tear(IEnumerable<Effect> effects, SimRandom random)
    {
        _before = (_log.Count, []);
        foreach (var effect in effects)
        {
            var whole = random.Chance(0.5);
            switch (effect)
            {
                case AppendBatch or StoreBatch when _log.Count == _before.Value.Log:
                    var batch = (effect as AppendBatch)?.Batch ?? ((StoreBatch)effect).Batch;
                    _log.Add(whole ? batch : new Batch(batch.Header, batch.Transactions[(batch.Transactions.Length / 2)..]));
                    break;
                case StoreRecord record when whole || random.Chance(0.5):
                    _before.Value.Records.Add((record.Key, _records.GetValueOrDefault(record.Key)));
                    if (record.Value is { } value)
                        _records[record.Key] = whole ? value : value[..(value.Length / 2)];
                    else
                        _records.Remove(record.Key);
                    break;
            }
        }
    }

    private void RollBack()
    {
        if (_before is not { } before)
            return;
        _log.RemoveRange(before.Log, _log.Count - before.Log);
        for (var i = before.Records.Count - 1; i >= 0; i--)
            if (before.Records[i] is { Value: { } value } record)
                _records[record.Key] = value;
            else
                _records.Remove(before.Records[i].Key);
    }
}
