using Starling.Node.Roles.Serving;
using Starling.Protocol.Identity;

namespace Starling.Host.Serving.Routing;

/// <summary>
/// Chooses a worker for each answer: of two drawn at random, and of the one whose cache may hold the prompt's beginning,
/// the one that is likely to begin first. Safe for concurrent use.
/// </summary>
internal sealed class Router(TimeProvider time, Random random)
{
    /// <summary>What a worker is thought to need for its first tokens before it was measured, in milliseconds.</summary>
    private const double UnknownMs = 50;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, Replica> _replicas = [];
    private readonly PrefixMemory _prefixes = new();
    private TaskCompletionSource _changed = New();

    /// <summary>Answers that all workers together take at once.</summary>
    public int Capacity
    {
        get
        {
            lock (_gate)
                return _replicas.Values.Sum(static r => r.Capacity);
        }
    }

    /// <summary>Workers that can be asked.</summary>
    public int Ready
    {
        get
        {
            lock (_gate)
                return _replicas.Values.Count(static r => r.Capacity > 0);
        }
    }

    /// <summary>Completes when workers came, left, or can take more again.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    public void Update(IReadOnlyList<ReplicaView> views)
    {
        lock (_gate)
        {
            foreach (var gone in _replicas.Keys.Except(views.Select(static v => v.Worker)).ToArray())
                _replicas.Remove(gone);
            foreach (var view in views)
            {
                if (!_replicas.TryGetValue(view.Worker, out var replica) || replica.Channel != view.Channel)
                    _replicas[view.Worker] = replica = new Replica(view.Worker, view.Channel);
                replica.Capacity = view.Capacity;
            }
        }

        Signal();
    }

    /// <summary>An answer ended: there may be room where there was none.</summary>
    public void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate)
            (changed, _changed) = (_changed, New());
        changed.TrySetResult();
    }

    /// <summary>A worker with room, which is then counted as asked; null while there is none.</summary>
    /// <param name="prompt">Decides about the cache.</param>
    /// <param name="but">Not this one.</param>
    /// <param name="rested">Also those that have just failed.</param>
    public Replica? Choose(ReadOnlySpan<int> prompt, Replica? but, bool rested)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var open = _replicas.Values.Where(r => r != but && r.InFlight < r.Capacity && (rested || !r.Rests(now))).ToArray();
            if (open.Length == 0)
                return null;
            var kept = _prefixes.Find(prompt);
            var best = open[random.Next(open.Length)];
            foreach (var other in (Replica?[])[open[random.Next(open.Length)], Array.Find(open, r => r.Worker == kept?.Worker)])
                if (other is not null && Cost(other, kept, prompt.Length) < Cost(best, kept, prompt.Length))
                    best = other;
            _prefixes.Note(prompt, best.Worker);
            best.Enter();
            return best;
        }
    }

    /// <summary>The expected time to the first tokens: what it took lately, longer the more is asked, less what is in the cache.</summary>
    private static double Cost(Replica replica, (NodeId Worker, int Tokens)? kept, int prompt)
    {
        var usual = replica.First.Quantile(0.5, 1)?.TotalMilliseconds ?? UnknownMs;
        var share = kept is { } k && k.Worker == replica.Worker ? 1 - (0.5 * k.Tokens / prompt) : 1;
        return usual * share * (1 + ((double)replica.InFlight / Math.Max(replica.Capacity, 1)));
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
