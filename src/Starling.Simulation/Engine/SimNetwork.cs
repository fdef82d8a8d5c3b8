using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Simulation.Engine;

/// <summary>
/// Drives the roles of a whole network from one queue under virtual time. What goes wrong is decided by
/// <see cref="Faults"/> and one seed; a role sees only its own inputs.
/// </summary>
public sealed partial class SimNetwork
{
    private const int FetchMs = 20;

    private readonly SortedDictionary<NodeId, SimNode> _nodes = [];
    private readonly SimRandom _random;
    private readonly ITaskLab _lab;
    private readonly HashSet<NodeId> _cutOff = [];
    private readonly Queue<string> _trace = new();

    public SimNetwork(ulong seed, long start, ITaskLab lab)
    {
        _random = new SimRandom(seed).Fork(1);
        _lab = lab;
        Queue = new EventQueue(start);
    }

    public EventQueue Queue { get; }

    public BlobWorld Blobs { get; } = new();

    public Faults Faults { get; private set; } = Faults.None;

    public IReadOnlyCollection<SimNode> Nodes => _nodes.Values;

    /// <summary>Answers to each request, in order of arrival.</summary>
    public Dictionary<string, List<NodeResponse>> Replies { get; } = new(StringComparer.Ordinal);

    /// <summary>Called when a step's changes have become durable, with all its effects.</summary>
    public Action<SimNode, IReadOnlyList<Effect>>? Stored { get; set; }

    /// <summary>Who cannot fetch from whom.</summary>
    public Func<NodeId, NodeId, bool> Cut { get; set; } = static (_, _) => false;

    /// <summary>The last few thousand things that happened, for the report of a failure.</summary>
    public IEnumerable<string> Trace => _trace;

    public bool Tracing { get; set; }

    public void Add(SimNode node) => _nodes.Add(node.Id, node);

    public SimNode this[NodeId id] => _nodes[id];

    public void StartAll()
    {
        foreach (var node in _nodes.Values)
            Restart(node);
    }

    /// <summary>From now on the world does this to the network.</summary>
    public void Begin(Faults faults)
    {
        Faults = faults;
        _cutOff.Clear();
        foreach (var node in _nodes.Values)
        {
            node.Skew = faults.Skew == 0 ? 0 : _random.Between(-faults.Skew, faults.Skew);
            node.Slowness = 1 + _random.Below(faults.SlowestFactor);
        }

        if (faults.PartitionEvery > 0)
            SchedulePartition(faults);
        LinksChanged();
    }

    /// <summary>The world stops hurting: links heal and every crashed machine comes back.</summary>
    public void Heal()
    {
        Begin(Faults.None);
        foreach (var node in _nodes.Values.Where(n => !n.Alive).ToArray())
            Restart(node);
    }

    public void Request(NodeId node, string request, NodeRequest body) =>
        Queue.After(1, () => Deliver(node, new RequestReceived(request, body)));

    public void Crash(SimNode node, long downMs)
    {
        if (!node.Alive)
            return;
        Note(node, $"crashes for {downMs} ms");
        node.Crash();
        ForgetPeers(node);
        LinksChanged();
        Queue.After(downMs, () => Restart(node));
    }

    private void Restart(SimNode node)
    {
        if (node.Alive)
            return;
        node.Start();
        Note(node, $"starts at height {node.Store.Log.Count}");
        Step(node, node.Store.Load());
        LinksChanged();
    }

    private void Deliver(NodeId to, Input input)
    {
        if (_nodes.TryGetValue(to, out var node) && node.Alive)
            Step(node, input);
    }

    private void Step(SimNode node, Input input)
    {
        var effects = new EffectList();
        node.Role!.Step(new Timestamp(Queue.Now + node.Skew), input, effects);
        if (Tracing)
            Note(node, $"{Describe(input)} -> {string.Join(", ", effects.Effects.Select(Describe))}");
        if (_random.Chance(Faults.CrashPerStep))
        {
            var stored = _random.Chance(0.5);
            var torn = !stored && _random.Chance(Faults.TornWrites);
            if (stored)
                Keep(node, effects.Effects);
            else if (torn)
                node.Store.Tear(effects.Effects, _random);
            Note(node, stored ? "dies after storing" : torn ? "dies while storing" : "dies before storing");
            Crash(node, _random.Between(Faults.DownMin, Faults.DownMax));
            return;
        }

        var appended = Keep(node, effects.Effects);
        foreach (var effect in effects.Effects)
            Perform(node, effect);
        foreach (var outcome in appended)
            InLife(node, 1, outcome);
    }

    private IReadOnlyList<BatchAppended> Keep(SimNode node, IReadOnlyList<Effect> effects)
    {
        foreach (var put in effects.OfType<PutBlob>())
            Blobs.Put(node.Id, put.Bytes);
        var appended = node.Store.Commit(effects);
        Stored?.Invoke(node, effects);
        return appended;
    }

    private void InLife(SimNode node, long after, Input input) => InLife(node, after, () => Step(node, input));

    private void InLife(SimNode node, long after, Action action)
    {
        var life = node.Life;
        Queue.After(after, () =>
        {
            if (node.Alive && node.Life == life)
                action();
        });
    }

    private void SchedulePartition(Faults faults) => Queue.After(_random.Between(1, 2L * faults.PartitionEvery), () =>
    {
        if (Faults != faults)
            return;
        foreach (var node in _nodes.Values)
            if (_random.Chance(0.4))
                _cutOff.Add(node.Id);
        LinksChanged();
        Note(null, $"partition: {string.Join(' ', _cutOff.Select(n => _nodes[n].Name))}");
        Queue.After(_random.Between(100, faults.PartitionMax), () =>
        {
            if (Faults != faults)
                return;
            _cutOff.Clear();
            LinksChanged();
            SchedulePartition(faults);
        });
    });

    private void Note(SimNode? node, string text)
    {
        if (_trace.Count > (Tracing ? 1_000_000 : 4_000))
            _trace.Dequeue();
        _trace.Enqueue($"{Queue.Now} {node?.Name ?? "world"}: {text}");
    }

    private static string Describe(object o) => o switch
    {
        MessageReceived m => $"{m.Message.GetType().Name}",
        TimerFired t => $"timer {t.Timer}",
        Send s => $"send {s.Message.GetType().Name}",
        SetTimer t => $"timer {t.Timer}",
        Report r => $"report {r.Event} {string.Join(' ', r.Fields.Select(f => $"{f.Key}={f.Value}"))}",
        StoreRecord r => $"{(r.Value is null ? "drop" : "store")} {r.Key}",
        RunTask r => $"run {r.Run}",
        TaskEnded t => $"ended {t.Run} {t.Outcome.GetType().Name}",
        _ => o.GetType().Name,
    };
}
