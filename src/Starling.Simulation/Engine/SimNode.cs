using Starling.Node.Contract;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Simulation.Engine;

/// <summary>One machine: a role that may be dropped at any step and rebuilt from its store.</summary>
public sealed class SimNode(NodeId id, string name, Func<IRole> build)
{
    private readonly Dictionary<string, long> _timers = [];

    public NodeId Id { get; } = id;

    public string Name { get; } = name;

    public SimStore Store { get; } = new();

    public IRole? Role { get; private set; }

    public bool Alive => Role is not null;

    /// <summary>Counts starts; completions of an earlier life are dropped.</summary>
    public int Life { get; private set; }

    public int Crashes { get; private set; }

    public long Skew { get; set; }

    /// <summary>A planted bug: what was read is not held against its content id.</summary>
    public bool BelievesCorruptReads { get; set; }

    /// <summary>Duration of a run here, over that on the fastest machine.</summary>
    public int Slowness { get; set; } = 1;

    /// <summary>When this machine will have finished what it runs.</summary>
    public long BusyUntil { get; set; }

    public HashSet<string> Running { get; } = [];

    public void Start()
    {
        Role = build();
        Life++;
    }

    public void Crash()
    {
        Role = null;
        Crashes++;
        _timers.Clear();
        Running.Clear();
        BusyUntil = 0;
    }

    public void SetTimer(string timer, long? at)
    {
        if (at is { } time)
            _timers[timer] = time;
        else
            _timers.Remove(timer);
    }

    /// <summary>True once, when the timer is still due at this time.</summary>
    public bool TakeTimer(string timer, long at) => _timers.TryGetValue(timer, out var due) && due == at && _timers.Remove(timer);

    public override string ToString() => Name;
}
