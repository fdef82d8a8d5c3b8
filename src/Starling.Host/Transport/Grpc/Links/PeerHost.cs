using Grpc.Core;
using Starling.Host.Driver;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>How an attempt to link with an address ended.</summary>
/// <param name="Peer">Who answered there, if anybody.</param>
/// <param name="Refusal">Why it did not want this node; null when it was linked, or never reached.</param>
/// <param name="Linked">True when there was a link, which has ended by now.</param>
/// <param name="Reason">In words.</param>
internal sealed record DialOutcome(NodeId? Peer, Refusal? Refusal, bool Linked, string Reason);

/// <summary>Says hello, from either side, and runs the links that come of it.</summary>
/// <param name="self">This node.</param>
/// <param name="links">Where links go.</param>
/// <param name="penalties">Who must stay away.</param>
/// <param name="take">Takes every frame after the hello.</param>
/// <param name="time">Times silence.</param>
/// <param name="report">Tells people.</param>
internal sealed class PeerHost(
    PeerSelf self, PeerTable links, Penalties penalties, Func<PeerLink, Frame, ValueTask> take, TimeProvider time,
    Action<NodeReport> report)
{
    /// <summary>Answers a peer that dialled this node, until the link has ended.</summary>
    public async Task Accept(
        NodeId peer, IAsyncStreamReader<Frame> incoming, IAsyncStreamWriter<Frame> outgoing, CancellationToken cancel)
    {
        var first = await First(incoming, cancel);
        if ((Barred(peer) ?? Hellos.Problem(first, self)) is { } problem)
        {
            Refused(peer, problem.Refusal);
            await outgoing.WriteAsync(problem, cancel);
            return;
        }

        using var link = new PeerLink(peer, first!.Hello, null, time, cancel);
        if (links.TryAdd(link) is { } refused)
        {
            await outgoing.WriteAsync(refused, cancel);
            return;
        }

        await outgoing.WriteAsync(Hellos.Of(self), cancel);
        await Run(link, incoming, outgoing);
    }

    /// <summary>Dials an address and stays until the link has ended.</summary>
    public async Task<DialOutcome> Dial(string address, CancellationToken cancel)
    {
        using var channel = new PeerChannel(address, self.Certificate);
        try
        {
            using var call = channel.Client.Link(cancellationToken: cancel);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(PeerTimes.Hello);
            await call.RequestStream.WriteAsync(Hellos.Of(self), patience.Token);
            var first = await First(call.ResponseStream, patience.Token);
            if (channel.Peer is not { } peer)
                return new DialOutcome(null, null, false, "nobody answered");
            if (first?.Refusal is { } refusal)
                return new DialOutcome(peer, refusal, false, refusal.Detail);
            if ((Barred(peer) ?? Hellos.Problem(first, self)) is { } problem)
                return await Refuse(call, peer, problem);
            using var link = new PeerLink(peer, first!.Hello, channel.Client, time, cancel);
            if (links.TryAdd(link) is { } mine)
                return await Refuse(call, peer, mine);
            await Run(link, call.ResponseStream, call.RequestStream);
            return new DialOutcome(peer, null, true, link.Reason!);
        }
        catch (Exception e) when (e is RpcException or IOException or OperationCanceledException or InvalidOperationException)
        {
            cancel.ThrowIfCancellationRequested();
            return new DialOutcome(channel.Peer, null, false, Describe(e));
        }
    }

    private static async Task<Frame?> First(IAsyncStreamReader<Frame> incoming, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(PeerTimes.Hello);
        return await incoming.MoveNext(patience.Token) ? incoming.Current : null;
    }

    private static async Task<DialOutcome> Refuse(AsyncDuplexStreamingCall<Frame, Frame> call, NodeId peer, Frame refusal)
    {
        await call.RequestStream.WriteAsync(refusal);
        await call.RequestStream.CompleteAsync();
        return new DialOutcome(peer, refusal.Refusal, false, refusal.Refusal.Detail);
    }

    private static string Describe(Exception e) => e switch
    {
        RpcException rpc => rpc.Status.Detail is { Length: > 0 } detail ? detail : rpc.StatusCode.ToString(),
        OperationCanceledException => "no answer in time",
        _ => e.Message,
    };

    private async Task Run(PeerLink link, IAsyncStreamReader<Frame> incoming, IAsyncStreamWriter<Frame> outgoing)
    {
        try
        {
            await link.Run(incoming, outgoing, frame => take(link, frame));
        }
        catch (DecodeException e)
        {
            link.Close(e.Message);
            penalties.Add(link.Peer, Offence.BadMessage, e.Message);
        }
        finally
        {
            link.Close("ended");
            links.Remove(link);
        }
    }

    private Frame? Barred(NodeId peer) => penalties.BarredFor(peer) is var left && left > TimeSpan.Zero
        ? Hellos.Refuse(RefusalCode.Penalised, "this node broke the protocol: come back later", left)
        : null;

    private void Refused(NodeId peer, Refusal refusal)
    {
        if (refusal.Code == RefusalCode.BadHello)
            penalties.Add(peer, Offence.BadHello, refusal.Detail);
        report(new NodeReport(self.Name, "peer.refused", new Dictionary<string, object>
        {
            ["peer"] = peer.ToString(),
            ["code"] = refusal.Code.ToString(),
            ["detail"] = refusal.Detail,
        }));
    }
}
