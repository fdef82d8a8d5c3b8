using Starling.Node.Contract;
using Starling.Protocol.Identity;

namespace Starling.Node.Chain;

/// <summary>
/// Whom to ask for batches: the sequencer, and by turns whoever else is there, who has them too once the sequencer has.
/// </summary>
internal sealed class LogSources(NodeId sequencer, NodeId self)
{
    private readonly SortedSet<NodeId> _others = [];
    private bool _sequencerGone = sequencer == self;
    private int _turn;

    public void Presence(PeerPresence peer)
    {
        if (peer.Peer == sequencer)
            _sequencerGone = !peer.Present;
        else if (peer.Present)
            _others.Add(peer.Peer);
        else
            _others.Remove(peer.Peer);
    }

    /// <summary>Who may carry transactions to the sequencer while this node does not reach it; null where nobody must.</summary>
    public NodeId? Relay => _sequencerGone && _others.Count > 0 ? _others.ElementAt(_turn % _others.Count) : null;

    /// <summary>The sequencer every second time, always where nobody else is known, and never while it is gone.</summary>
    public NodeId Next()
    {
        var turn = _turn++;
        if (_others.Count == 0 || (!_sequencerGone && turn % 2 == 0))
            return sequencer;
        return _others.ElementAt((_sequencerGone ? turn : turn / 2) % _others.Count);
    }
}
