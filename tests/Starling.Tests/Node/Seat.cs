using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Identity;

namespace Starling.Tests.Node;

/// <summary>One node on the bench: its role, what it stored, and everything it did.</summary>
internal sealed class Seat(NodeId id, Func<IRole> build)
{
    private readonly Dictionary<string, Timestamp> _timers = [];
    private readonly SortedDictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    public NodeId Id { get; } = id;

    public IRole Role { get; private set; } = build();

    public List<Batch> Log { get; } = [];

    public IReadOnlyDictionary<string, byte[]> Records => _records;

    /// <summary>Every effect since the node was added or <see cref="List{T}.Clear"/>.</summary>
    public List<Effect> Effects { get; } = [];

    public LedgerState State => ((ChainRole)Role).State;

    public Started Load() => new([.. Log], new Dictionary<string, byte[]>(_records));

    public void Reset()
    {
        _timers.Clear();
        Role = build();
    }

    /// <summary>Loses stored records, as no honest node does.</summary>
    public void Lose(string prefix)
    {
        foreach (var key in _records.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToArray())
            _records.Remove(key);
    }

    public bool TryAppend(Batch batch)
    {
        if (batch.Header.Header.Height != (Log.Count == 0 ? 1 : Log[^1]?.Header.Header.Height + 1))
            return false;
        Log.Add(batch);
        return true;
    }

    public void Keep(Effect effect)
    {
        Effects.Add(effect);
        switch (effect)
        {
            case StoreBatch store:
                if (!TryAppend(store.Batch))
                    throw new InvalidOperationException("a batch is stored out of order");
                break;
            case StartLog start:
                if (Log.Count > 0)
                    throw new InvalidOperationException("a log begins twice");
                Log.Add(start.Batch);
                break;
            case StoreRecord { Value: { } value } record:
                _records[record.Key] = value;
                break;
            case StoreRecord record:
                _records.Remove(record.Key);
                break;
            case SetTimer { At: { } at } timer:
                _timers[timer.Timer] = at;
                break;
            case SetTimer timer:
                _timers.Remove(timer.Timer);
                break;
        }
    }

    public IReadOnlyList<string> TakeDue(Timestamp now)
    {
        var due = _timers.Where(t => t.Value <= now).Select(t => t.Key).Order(StringComparer.Ordinal).ToArray();
        foreach (var timer in due)
            _timers.Remove(timer);
        return due;
    }
}
