using Google.Protobuf;
using Grpc.Core;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>Sends blobs to peers: so many at once to each, and no faster than this node's operator wants.</summary>
internal sealed class BlobUploads(BlobShelf shelf, PeerTable links, RateLimit rate, TimeProvider time)
{
    /// <summary>Blobs of which is remembered who got what.</summary>
    private const int Remembered = 64;

    private readonly Lock _gate = new();
    private readonly LinkedList<(Hash256 Content, Spread Spread)> _spreads = new();
    private long _sent;

    /// <summary>Bytes of blobs sent since the start, without what proves them.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Answers a fetch.</summary>
    /// <exception cref="RpcException">Malformed, or too many at once.</exception>
    public async Task Serve(
        PeerLink link, BlobRequest request, IAsyncStreamWriter<BlobAnswer> stream, CancellationToken cancel)
    {
        if (request.Content.Length != Hash256.Size)
            throw new RpcException(new Status(StatusCode.InvalidArgument, "content has 32 bytes"));
        if (!link.Sending.Wait(0, CancellationToken.None))
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"a peer may fetch {PeerLimits.BlobsPerPeer} blobs at once"));
        try
        {
            await Send(link, request, answer => stream.WriteAsync(answer, cancel), cancel);
        }
        finally
        {
            link.Sending.Release();
        }
    }

    /// <summary>Brings a peer what it asked for over the link.</summary>
    public async Task Deliver(PeerLink link, Want want)
    {
        if (link.Client is not { } client || want.Blob?.Content.Length != Hash256.Size
            || !link.Sending.Wait(0, CancellationToken.None))
            return;
        try
        {
            using var call = client.Deliver(cancellationToken: link.Closed);
            var sent = 0;
            await Send(link, want.Blob, Bring, link.Closed);
            if (sent == 0)
                await call.RequestStream.WriteAsync(new Delivery { Ticket = want.Ticket }, link.Closed);
            await call.RequestStream.CompleteAsync();
            await call;

            Task Bring(BlobAnswer answer) => call.RequestStream.WriteAsync(
                new Delivery { Ticket = sent++ == 0 ? want.Ticket : 0, Answer = answer }, link.Closed);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // The peer got it elsewhere, or is gone; if not, it asks again.
        }
        finally
        {
            link.Sending.Release();
        }
    }

    private async Task Send(PeerLink link, BlobRequest request, Func<BlobAnswer, Task> send, CancellationToken cancel)
    {
        var content = new Hash256(request.Content.Span);
        if (shelf.Find(content) is not { } source)
            return;
        var spread = SpreadOf(content);
        var others = new BlobPeers();
        others.Nodes.AddRange(spread.Others(link.Peer).Select(n => ByteString.CopyFrom(n.Key.ToArray())));
        await send(new BlobAnswer { Peers = others });
        var count = (int)Math.Min(request.Parts, PeerLimits.PartsAtOnce);
        foreach (var part in spread.Choose(link.Peer, source, new PartSet(request.Except.Span), count, request.Pressing))
        {
            if (source.Read(part) is not { } read)
                return;
            await rate.Take(read.Data.Length, cancel);
            await send(new BlobAnswer { Part = read });
            Interlocked.Add(ref _sent, read.Data.Length);
            link.Heard();
        }
    }

    private Spread SpreadOf(Hash256 content)
    {
        lock (_gate)
        {
            var at = _spreads.First;
            while (at is not null && at.Value.Content != content)
                at = at.Next;
            if (at is not null)
                _spreads.Remove(at);
            _spreads.AddFirst(at?.Value ?? (content, new Spread(IsLinked, time)));
            if (_spreads.Count > Remembered)
                _spreads.RemoveLast();
            return _spreads.First!.Value.Spread;
        }
    }

    private bool IsLinked(NodeId node) => links.Find(node) is not null;
}
