using Grpc.Core;
using Starling.Host.Local;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc;
using Starling.Host.Transport.Grpc.Identity;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Operations;

/// <summary>Whether the nodes whose addresses are known can be reached from here and are of the same network.</summary>
public static class PeerChecks
{
    /// <param name="addresses">To try, all at once.</param>
    /// <param name="chain">The network; null to take any.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<IReadOnlyList<Finding>> Run(IEnumerable<string> addresses, ChainId? chain, CancellationToken cancel) =>
        await Task.WhenAll(addresses.Distinct().Select(a => Ask(a, chain, cancel)));

    // Shows a certificate of a key of its own, so that it takes nobody's place.
    private static async Task<Finding> Ask(string address, ChainId? chain, CancellationToken cancel)
    {
        var seed = new byte[Ed25519.SeedSize];
        new SystemEntropy().Fill(seed);
        using var certificate = NodeCertificate.Create(Ed25519.SignerFromSeed(seed));
        using var channel = new PeerChannel(address, certificate);
        try
        {
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + PeerTimes.Hello;
            var reply = await channel.Client.GenesisAsync(new GenesisRequest(), deadline: deadline, cancellationToken: cancel);
            var found = RecordCodec.Decode<GenesisRecord>(reply.Genesis.Memory).ChainId();
            return chain is { } wanted && found != wanted
                ? Finding.Bad("peer", $"{address} belongs to chain {found}: take it out of the seeds")
                : Finding.Ok("peer", $"{address} answers as {channel.Peer?.Short}");
        }
        catch (Exception e) when (e is RpcException or DecodeException)
        {
            cancel.ThrowIfCancellationRequested();
            return Finding.Warning("peer", $"{address} does not answer: {(e as RpcException)?.Status.Detail ?? e.Message}");
        }
    }
}
