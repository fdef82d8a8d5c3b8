using System.Threading.Channels;
using Google.Protobuf;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>
/// Where nodes can be dialled, as they or others said. Hints: whoever answers must show the node's certificate, so a
/// false one costs an attempt.
/// </summary>
internal sealed class AddressBook(NodeId self)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, string[]> _known = [];
    private readonly Channel<string> _news = Channel.CreateBounded<string>(
        new BoundedChannelOptions(PeerLimits.KnownNodes) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Addresses not heard of before.</summary>
    public ChannelReader<string> News => _news.Reader;

    /// <summary>Everything known.</summary>
    public IReadOnlyList<(NodeId Node, string[] Addresses)> All
    {
        get
        {
            lock (_gate)
                return [.. _known.Select(k => (k.Key, k.Value))];
        }
    }

    /// <summary>Everything known, as one frame.</summary>
    public Frame Frame()
    {
        var list = new PeerList();
        lock (_gate)
        {
            foreach (var (node, addresses) in _known)
                list.Peers.Add(Entry(node, addresses));
        }

        return new Frame { Peers = list };
    }

    /// <summary>One node's addresses, as a frame for others.</summary>
    public static Frame Frame(NodeId node, IEnumerable<string> addresses) =>
        new() { Peers = new PeerList { Peers = { Entry(node, addresses) } } };

    /// <summary>
    /// Takes hints of others in; what breaks the limits is left out, and where a node is known to be only the node itself
    /// may change. True when some of it is news.
    /// </summary>
    public bool Learn(PeerList list)
    {
        var news = false;
        foreach (var peer in list.Peers.Take(PeerLimits.KnownNodes))
            if (peer.Node.Length == Hash256.Size && new NodeId(new Hash256(peer.Node.Span)) is var node && !IsKnown(node))
                news |= Learn(node, peer.Addresses);
        return news;
    }

    /// <summary>Takes in what a node said of itself.</summary>
    public bool Learn(NodeId node, IEnumerable<string> addresses)
    {
        var valid = addresses.Take(PeerLimits.AddressesPerNode).Where(a => PeerAddresses.Problem(a) is null).ToArray();
        if (valid.Length == 0 || node == self)
            return false;
        lock (_gate)
        {
            var old = _known.GetValueOrDefault(node) ?? [];
            if (valid.SequenceEqual(old) || (old.Length == 0 && _known.Count >= PeerLimits.KnownNodes))
                return false;
            _known[node] = valid;
        }

        foreach (var address in valid)
            _news.Writer.TryWrite(address);
        return true;
    }

    /// <summary>The node that is said to be there.</summary>
    public NodeId? NodeAt(string address)
    {
        lock (_gate)
        {
            foreach (var (node, addresses) in _known)
                if (addresses.Contains(address))
                    return node;
        }

        return null;
    }

    /// <summary>Nobody has answered there for long.</summary>
    public void Forget(string address)
    {
        lock (_gate)
        {
            foreach (var (node, addresses) in _known)
                if (addresses.Contains(address))
                {
                    _known.Remove(node);
                    return;
                }
        }
    }

    private bool IsKnown(NodeId node)
    {
        lock (_gate)
            return _known.ContainsKey(node);
    }

    private static PeerAddress Entry(NodeId node, IEnumerable<string> addresses)
    {
        var entry = new PeerAddress { Node = ByteString.CopyFrom(node.Key.ToArray()) };
        entry.Addresses.AddRange(addresses);
        return entry;
    }
}
