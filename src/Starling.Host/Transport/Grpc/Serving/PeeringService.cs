using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Blobs;
using Starling.Host.Transport.Grpc.Identity;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Serving;

/// <summary>What a node that can be dialled answers. TLS has seen to it that every caller shows a node's certificate.</summary>
internal sealed class PeeringService(
    PeerHost host, PeerTable links, BlobUploads uploads, Deliveries deliveries, ReadOnlyMemory<byte> genesis,
    CancellationToken stop) : Peering.PeeringBase
{
    public override async Task Link(
        IAsyncStreamReader<Frame> requestStream, IServerStreamWriter<Frame> responseStream, ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stop);
        try
        {
            await host.Accept(Caller(context), requestStream, responseStream, either.Token);
        }
        catch (OperationCanceledException)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "no hello in time, or the node stops"));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw new RpcException(new Status(StatusCode.Aborted, "the connection broke"));
        }
    }

    public override Task<GenesisReply> Genesis(GenesisRequest request, ServerCallContext context) =>
        Task.FromResult(new GenesisReply { Genesis = UnsafeByteOperations.UnsafeWrap(genesis) });

    public override async Task Fetch(BlobRequest request, IServerStreamWriter<BlobAnswer> responseStream, ServerCallContext context)
    {
        try
        {
            await uploads.Serve(Linked(context), request, responseStream, context.CancellationToken);
        }
        catch (StorageException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "this node's store failed"));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "the caller is gone"));
        }
    }

    public override async Task<DeliverReply> Deliver(IAsyncStreamReader<Delivery> requestStream, ServerCallContext context)
    {
        try
        {
            await deliveries.Take(Linked(context).Peer, requestStream, context.CancellationToken);
            return new DeliverReply();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "the caller is gone"));
        }
    }

    private static NodeId Caller(ServerCallContext context) =>
        NodeCertificate.NodeOf(context.GetHttpContext().Connection.ClientCertificate)
        ?? throw new RpcException(new Status(StatusCode.Unauthenticated, "show a certificate that a node key endorses"));

    private PeerLink Linked(ServerCallContext context) => links.Find(Caller(context))
        ?? throw new RpcException(new Status(StatusCode.FailedPrecondition, "say hello over a link first"));
}
