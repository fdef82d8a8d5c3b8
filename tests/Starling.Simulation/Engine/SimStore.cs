using Starling.Node.Contract;
using Starling.Protocol.Batches;

namespace Starling.Simulation.Engine;

/// <summary>What one node has on disk: its log and its role's records. One step's changes are kept together.</summary>
public sealed class SimStore
{
    private readonly List<Batch> _log = [];
    private readonly SortedDictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    public IReadOnlyList<Batch> Log => _log;

    public IReadOnlyDictionary<string, byte[]> Records => _records;

    public Started Load() => new([.. _log], new SortedDictionary<string, byte[]>(_records, StringComparer.Ordinal));

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
}
