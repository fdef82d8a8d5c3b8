using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>The links that are up: at most one for each peer.</summary>
/// <param name="self">This node.</param>
/// <param name="changed">Told of a peer that came, or that is gone; from any thread, one after the other.</param>
internal sealed class PeerTable(NodeId self, Action<PeerLink, bool> changed)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, PeerLink> _links = [];

    public IReadOnlyCollection<PeerLink> All
    {
        get
        {
            lock (_gate)
                return [.. _links.Values];
        }
    }

    public IReadOnlyCollection<NodeId> Peers
    {
        get
        {
            lock (_gate)
                return [.. _links.Keys];
        }
    }

    public PeerLink? Find(NodeId peer)
    {
        lock (_gate)
            return _links.GetValueOrDefault(peer);
    }

    /// <summary>Takes a link in, or says why not.</summary>
    public Frame? TryAdd(PeerLink link)
    {
        PeerLink? old;
        lock (_gate)
        {
            if (link.Peer == self)
                return Hellos.Refuse(RefusalCode.Self, "this is your own address");
            _links.TryGetValue(link.Peer, out old);
            if (old is null && _links.Count >= PeerLimits.Links)
                return Hellos.Refuse(RefusalCode.Full, "as many peers as this node takes", TimeSpan.FromSeconds(30));
            if (old is not null && !Replaces(link, old))
                return Hellos.Refuse(RefusalCode.AlreadyLinked, "linked already", TimeSpan.FromSeconds(1));
            _links[link.Peer] = link;
            if (old is null)
                changed(link, true);
        }

        old?.Close("replaced by a new link");
        return null;
    }

    public void Remove(PeerLink link)
    {
        lock (_gate)
        {
            if (_links.GetValueOrDefault(link.Peer) != link)
                return;
            _links.Remove(link.Peer);
            changed(link, false);
        }
    }

    // Whoever dials again has lost the link it had. Of two that dialled each other, both sides keep the same link.
    private bool Replaces(PeerLink link, PeerLink old)
    {
        if (old.Closed.IsCancellationRequested || link.Client is null == old.Client is null)
            return true;
        var dialler = link.Client is null ? link.Peer : self;
        return dialler.CompareTo(link.Client is null ? self : link.Peer) < 0;
    }
}
