using Starling.Node.Messages;
using Starling.Protocol.Identity;

namespace Starling.Host.Ports;

/// <summary>
/// Carries messages between nodes: at most once, in any order, from a sender it vouches for. Every queue is bounded;
/// what happens at the bound depends on the message (<see cref="Overflow"/>).
/// </summary>
public interface ITransport
{
    /// <summary>The peers a broadcast goes to.</summary>
    IReadOnlyCollection<NodeId> Peers { get; }

    /// <summary>Completes when the message is queued at the peer, or was dropped because the peer is gone or stuck.</summary>
    ValueTask Send(NodeId to, Message message, CancellationToken cancel);

    /// <summary>Keeps a peer away for a while that brought what no honest node brings.</summary>
    void Penalise(NodeId peer, string reason);
}

/// <summary>What a full queue does with one more message.</summary>
public enum Overflow
{
    /// <summary>Drops the oldest announcement: a later one, or a request, makes up for it.</summary>
    DropOldest = 1,

    /// <summary>Makes the sender wait, up to a bound; then the message is lost, which every role survives.</summary>
    BackPressure = 2,
}
