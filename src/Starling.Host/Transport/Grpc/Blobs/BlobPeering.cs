using System.Runtime.CompilerServices;
using Grpc.Core;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>Whom to ask for parts, and how: peers that cannot be called bring them.</summary>
internal sealed record BlobPeering(PeerTable Links, Deliveries Deliveries, Penalties Penalties, TimeProvider Time)
{
    public IAsyncEnumerable<BlobAnswer> Ask(PeerLink link, BlobRequest request, CancellationToken cancel) =>
        link.Client is { } client ? Call(client, request, cancel) : Deliveries.Ask(link, request, cancel);

    private static async IAsyncEnumerable<BlobAnswer> Call(
        Peering.PeeringClient client, BlobRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var call = client.Fetch(request, cancellationToken: cancel);
        while (await call.ResponseStream.MoveNext(cancel))
            yield return call.ResponseStream.Current;
    }
}
