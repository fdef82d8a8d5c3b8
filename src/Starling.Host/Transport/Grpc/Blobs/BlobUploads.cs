using Grpc.Core;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>Sends blobs to peers: so many at once to each, and no faster than this node's operator wants.</summary>
internal sealed class BlobUploads(IBlobStore blobs, RateLimit rate)
{
    private readonly BlobParts _parts = new(blobs);

    /// <summary>Answers a fetch.</summary>
    /// <exception cref="RpcException">Malformed, or too many at once.</exception>
    public async Task Serve(
        PeerLink link, BlobRequest request, IAsyncStreamWriter<BlobPart> stream, CancellationToken cancel)
    {
        if (request.Content.Length != Hash256.Size)
            throw new RpcException(new Status(StatusCode.InvalidArgument, "content has 32 bytes"));
        if (!link.Sending.Wait(0, CancellationToken.None))
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"a peer may fetch {PeerLimits.BlobsPerPeer} blobs at once"));
        try
        {
            await Send(link, request, part => stream.WriteAsync(part, cancel), cancel);
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

            Task Bring(BlobPart part) =>
                call.RequestStream.WriteAsync(new Delivery { Ticket = sent++ == 0 ? want.Ticket : 0, Part = part }, link.Closed);
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

    private async Task Send(PeerLink link, BlobRequest request, Func<BlobPart, Task> send, CancellationToken cancel)
    {
        foreach (var part in _parts.Read(new Hash256(request.Content.Span), request.FirstPart, request.Parts))
        {
            await rate.Take(part.Data.Length, cancel);
            await send(part);
            link.Heard();
        }
    }
}
