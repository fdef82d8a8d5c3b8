using System.Collections.Concurrent;
using Starling.Host.Driver;
using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport;

/// <summary>Connects the nodes of one process: a message goes straight into its receiver's bounded mailbox.</summary>
public sealed class MemoryNetwork(TimeProvider time)
{
    /// <summary>How long a sender waits for a receiver that does not keep up before the message is lost.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<NodeId, Mailbox> _mailboxes = new();

    /// <summary>Makes a node reachable, in place of whatever had its id before.</summary>
    public void Attach(RoleDriver node) => Attach(node.Id, node.Mailbox);

    /// <summary>What is sent to the node from now on is lost.</summary>
    public void Detach(NodeId node) => _mailboxes.TryRemove(node, out _);

    /// <summary>The transport as seen from one node.</summary>
    public ITransport Endpoint(NodeId self) => new MemoryEndpoint(this, self);

    internal void Attach(NodeId id, Mailbox mailbox) => _mailboxes[id] = mailbox;

    private async ValueTask Deliver(NodeId from, NodeId to, Message message, CancellationToken cancel)
    {
        var input = new MessageReceived(from, message);
        if (!_mailboxes.TryGetValue(to, out var mailbox) || mailbox.TryPost(input))
            return;
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            while (!mailbox.TryPost(input))
                await mailbox.WaitForRoom(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Lost, as any message may be: two nodes that wait for each other must not wait for ever.
        }
    }

    private sealed class MemoryEndpoint(MemoryNetwork network, NodeId self) : ITransport
    {
        public IReadOnlyCollection<NodeId> Peers => [.. network._mailboxes.Keys.Where(id => id != self)];

        public ValueTask Send(NodeId to, Message message, CancellationToken cancel) =>
            network.Deliver(self, to, message, cancel);

        public void Penalise(NodeId peer, string reason)
        {
            // All nodes of one process are its owner's.
        }
    }
}
