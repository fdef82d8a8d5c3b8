using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>
/// Which parts of one blob went to whom, so that several who fetch it at once are each sent others, and pass them on: a
/// holder then sends about one copy, however many want it.
/// </summary>
/// <param name="linked">Whether a node can be asked for what it was sent.</param>
/// <param name="time">Times who is still there.</param>
internal sealed class Spread(Func<NodeId, bool> linked, TimeProvider time)
{
    /// <summary>Whoever asked within this time may still pass on what it got.</summary>
    private static readonly TimeSpan s_passing = TimeSpan.FromMinutes(1);

    /// <summary>Nodes that one answer names.</summary>
    private const int Named = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, NodeId> _sent = [];
    private readonly Dictionary<NodeId, long> _asked = [];

    /// <summary>Who else was sent parts lately, the latest first.</summary>
    public IReadOnlyList<NodeId> Others(NodeId than)
    {
        lock (_gate)
            return [.. _asked.OrderByDescending(a => a.Value).Select(a => a.Key).Where(n => n != than && Passes(n)).Take(Named)];
    }

    /// <summary>Parts to send, drawn among those never sent; then among those that nobody else can pass on.</summary>
    /// <param name="to">Who asks.</param>
    /// <param name="source">What is here.</param>
    /// <param name="except">What it does not want.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="pressing">Nobody passes anything on: any part will do.</param>
    public IReadOnlyList<int> Choose(NodeId to, IPartSource source, PartSet except, int count, bool pressing)
    {
        lock (_gate)
        {
            _asked[to] = time.GetTimestamp();
            var wanted = Enumerable.Range(0, source.Parts).Where(p => !except.Contains(p) && source.Has(p)).ToArray();
            var unsent = wanted.Where(p => !_sent.ContainsKey(p)).ToArray();
            var open = unsent.Length > 0 ? unsent
                : pressing || source.Parts <= PeerLimits.SharedParts ? wanted
                : [.. wanted.Where(p => _sent[p] == to || !Passes(_sent[p]))];

            // Whoever else is asked for the same blob then sends other parts.
            Random.Shared.Shuffle(open);
            var chosen = open[..Math.Min(count, open.Length)];
            foreach (var part in chosen)
                _sent[part] = to;
            return chosen;
        }
    }

    private bool Passes(NodeId node) =>
        _asked.TryGetValue(node, out var asked) && time.GetElapsedTime(asked) < s_passing && linked(node);
}
