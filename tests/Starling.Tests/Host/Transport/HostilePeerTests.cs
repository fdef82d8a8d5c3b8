using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Starling.Host.Transport.Grpc;
using Starling.Host.Transport.Grpc.Blobs;
using Starling.Host.Transport.Grpc.Identity;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Node.Messages;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Xunit;

namespace Starling.Tests.Host.Transport;

/// <summary>Whatever comes to the port: a typed refusal, a penalty where somebody can be named, and no harm to others.</summary>
public sealed class HostilePeerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GarbageOnThePortHarmsNobody()
    {
        await using var server = await PeerNode.Listening(1);
        await using var honest = await PeerNode.Dialling(2, server);
        await server.Meets(honest.Signer);
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(1, 4_096)];
            random.NextBytes(bytes);
            if (i % 3 == 0)
                bytes = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. bytes];
            else if (i % 3 == 1)
                bytes = [0x16, 3, 1, .. bytes];
            await Pour(server.Network.Port, bytes);
        }

        await StillServes(server, honest);
    }

    [Fact]
    public async Task ACertificateThatNoNodeKeyEndorsesIsRefused()
    {
        await using var server = await PeerNode.Listening(1);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=starling", key, HashAlgorithmName.SHA256);
        using var plain = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        using var genuine = NodeCertificate.Create(PeerNode.KeyOf(2));
        var endorsement = genuine.Extensions.Single(e => e.Oid!.Value!.StartsWith("2.25.", StringComparison.Ordinal));
        request.CertificateExtensions.Add(endorsement);
        using var stolen = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        Assert.Equal(PeerNode.KeyOf(2).Id, NodeCertificate.NodeOf(genuine));
        foreach (var certificate in (X509Certificate2?[])[null, plain, stolen])
        {
            Assert.Null(NodeCertificate.NodeOf(certificate));
            Assert.False(await CanTalk(server.Network.Port, certificate));
        }

        Assert.True(await CanTalk(server.Network.Port, genuine));
    }

    [Fact]
    public async Task AMessageThatIsNoneIsPenalised()
    {
        await using var server = await PeerNode.Listening(1);
        await using var honest = await PeerNode.Dialling(3, server);
        await server.Meets(honest.Signer);
        using (var peer = new RawPeer(PeerNode.KeyOf(2), server))
        {
            await peer.Greet();
            await peer.Say(new Frame { AnnounceBatch = ByteString.CopyFromUtf8("no batch") });
            Assert.Null(await peer.Hear());
        }

        Assert.Equal("BadMessage", (await server.Report("peer.penalised")).Fields["offence"]);
        using var again = new RawPeer(PeerNode.KeyOf(2), server);
        await again.Say(again.Hello());
        var refusal = (await again.Hear())!.Refusal;
        Assert.Equal(RefusalCode.Penalised, refusal.Code);
        Assert.InRange(refusal.RetrySeconds, 1u, 5u);
        await StillServes(server, honest);
    }

    [Fact]
    public async Task AFrameBeyondTheLimitEndsTheLink()
    {
        await using var server = await PeerNode.Listening(1);
        using var peer = new RawPeer(PeerNode.KeyOf(2), server);
        await peer.Greet();
        try
        {
            await peer.Say(new Frame { SubmitTransaction = ByteString.CopyFrom(new byte[PeerLimits.FrameBytes - 1_024]) });
        }
        catch (RpcException)
        {
        }

        await server.Misses(peer.Key);
    }

    [Fact]
    public async Task APeerThatFallsSilentIsGone()
    {
        await using var server = await PeerNode.Listening(1);
        using var peer = new RawPeer(PeerNode.KeyOf(2), server);
        await peer.Greet();
        await server.Meets(peer.Key);
        await server.Misses(peer.Key);
        Assert.Equal("silent", (await server.Report("peer.left")).Fields["reason"]);
    }

    [Fact]
    public async Task WrongBytesForABlobArePenalisedAndTheNextHolderGoesOn()
    {
        await using var server = await PeerNode.Listening(1);
        var bytes = new byte[(2 * PeerLimits.PartBytes) + 100];
        new Random(1).NextBytes(bytes);
        await using var holder = await PeerNode.Listening(9);
        var content = holder.Blobs.Put(bytes);
        var parts = Parts(bytes);
        using RawPeer liar = new(PeerNode.KeyOf(2), server), rest = new(PeerNode.KeyOf(3), server);
        await liar.Greet();
        await rest.Greet();
        using var beats = new Timer(_ => Task.WhenAll(liar.Say(Beat()), rest.Say(Beat())), null, 500, 500);
        var fetch = server.Network.Fetch(content, [liar.Key.Id, rest.Key.Id], Cancel);

        var asked = (await liar.Hear())!.Want;
        Assert.True(asked.Blob.Except.IsEmpty);
        var wrong = parts[1].Clone();
        wrong.Data = ByteString.CopyFrom([.. wrong.Data.Span[..^1], (byte)~wrong.Data.Span[^1]]);
        await Bring(liar, asked.Ticket, parts[0], wrong);
        var next = (await rest.Hear())!.Want;
        Assert.Equal([1], next.Blob.Except.ToByteArray());
        await Bring(rest, next.Ticket, parts[1], parts[2]);
        Assert.True(await fetch);
        Assert.Equal(bytes, server.Blobs.Read(content));
        Assert.Equal("BadBlob", (await server.Report("peer.penalised")).Fields["offence"]);
    }

    [Fact]
    public async Task NothingIsServedBeforeAHelloAndNobodyBringsWhatIsNotWanted()
    {
        await using var server = await PeerNode.Listening(1);
        using var peer = new RawPeer(PeerNode.KeyOf(2), server);
        var content = ByteString.CopyFrom(server.Blobs.Put([1, 2, 3]).ToArray());
        using var early = peer.Client.Fetch(new BlobRequest { Content = content, Parts = 1 }, cancellationToken: Cancel);
        Assert.Equal(
            StatusCode.FailedPrecondition,
            (await Assert.ThrowsAsync<RpcException>(() => early.ResponseStream.MoveNext(Cancel))).StatusCode);
        await peer.Greet();
        using var unasked = peer.Client.Deliver(cancellationToken: Cancel);
        await unasked.RequestStream.WriteAsync(new Delivery { Ticket = 99 }, Cancel);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await unasked)).StatusCode);
    }

    private static BlobPart[] Parts(byte[] bytes)
    {
        using var blob = new StoredBlob(ChunkTree.Build(bytes), new MemoryStream(bytes), 0);
        return [.. Enumerable.Range(0, blob.Parts).Select(p => blob.Read(p)!)];
    }

    private static Frame Beat() => new() { Beat = new Beat() };

    private static async Task Bring(RawPeer peer, ulong ticket, params BlobPart[] parts)
    {
        using var call = peer.Client.Deliver(cancellationToken: Cancel);
        try
        {
            foreach (var part in parts)
                await call.RequestStream.WriteAsync(new Delivery { Ticket = ticket, Answer = new BlobAnswer { Part = part } }, Cancel);
            await call.RequestStream.CompleteAsync();
            await call;
        }
        catch (RpcException)
        {
        }
    }

    private static async Task StillServes(PeerNode server, PeerNode honest)
    {
        await honest.Network.Send(server.Signer.Id, new RequestBatches(42), Cancel);
        Assert.Equal(42ul, (await server.Hears<RequestBatches>(honest.Signer)).FromHeight);
    }

    private static async Task Pour(int port, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancel);
        try
        {
            await client.GetStream().WriteAsync(bytes, Cancel);
        }
        catch (IOException)
        {
        }
    }

    // With TLS 1.3 a server refuses a certificate after the client's handshake is over.
    private static async Task<bool> CanTalk(int port, X509Certificate2? certificate)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancel);
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "127.0.0.1",
                    ClientCertificates = certificate is null ? null : [certificate],
                    LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                },
                Cancel);
            await tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), Cancel);
            return await tls.ReadAsync(new byte[64], Cancel) > 0;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return false;
        }
    }
}
