using Starling.Node.Contract;
using Starling.Protocol.Identity;

namespace Starling.Simulation.Engine;

/// <summary>
/// Who stands where, and what each side of a connection is told of the other: connections are between a hub, which can be
/// dialled, and everybody.
/// </summary>
public sealed partial class SimNetwork
{
    private const int ConnectMs = 50;

    /// <summary>The silence after which a transport counts a peer as gone.</summary>
    private const int SilenceMs = 2_500;

    private readonly Dictionary<NodeId, int> _sites = [];
    private readonly HashSet<NodeId> _behindNat = [];
    private readonly HashSet<NodeId> _hubs = [];
    private readonly Dictionary<(NodeId At, NodeId Peer), bool> _told = [];
    private Topology _topology = new();

    /// <summary>Puts every machine somewhere.</summary>
    /// <param name="topology">Where machines stand.</param>
    /// <param name="hubs">Those that can be dialled.</param>
    public void Place(Topology topology, IEnumerable<NodeId> hubs)
    {
        _topology = topology;
        _hubs.UnionWith(hubs);
        foreach (var node in _nodes.Keys)
        {
            _sites[node] = _random.Below(topology.Sites);
            if (!_hubs.Contains(node) && _random.Chance(topology.BehindNat))
                _behindNat.Add(node);
        }
    }

    public bool IsCutOff(NodeId node) => _cutOff.Contains(node);

    private bool Reachable(NodeId a, NodeId b) => _cutOff.Contains(a) == _cutOff.Contains(b);

    private bool Dials(NodeId a, NodeId b) => !(_behindNat.Contains(a) && _behindNat.Contains(b));

    private long Latency(NodeId from, NodeId to)
    {
        var way = _random.Between(Faults.LatencyMin, Faults.LatencyMax);
        if (_topology.FarMs > 0 && _sites[from] != _sites[to])
            way += _topology.FarMs;
        return _random.Chance(Faults.Reordering) ? way + _random.Between(0, 10L * Faults.LatencyMax) : way;
    }

    /// <summary>Somebody came, went, or moved to another side of a partition.</summary>
    private void LinksChanged()
    {
        if (!_topology.TellsPresence)
            return;
        foreach (var at in _nodes.Values)
            foreach (var peer in _nodes.Values)
                if (at.Alive && at != peer && (_hubs.Contains(at.Id) || _hubs.Contains(peer.Id))
                    && IsUp(at, peer) is var up && (!_told.TryGetValue((at.Id, peer.Id), out var told) || told != up))
                    InLife(at, up ? ConnectMs : SilenceMs, () => Tell(at, peer, up));
    }

    private bool IsUp(SimNode at, SimNode peer) => peer.Alive && Reachable(at.Id, peer.Id);

    private void Tell(SimNode at, SimNode peer, bool up)
    {
        if (IsUp(at, peer) != up || (_told.TryGetValue((at.Id, peer.Id), out var told) && told == up))
            return;
        _told[(at.Id, peer.Id)] = up;
        Step(at, new PeerPresence(peer.Id, up));
    }

    private void ForgetPeers(SimNode node)
    {
        foreach (var peer in _nodes.Keys)
            _told.Remove((node.Id, peer));
    }
}
