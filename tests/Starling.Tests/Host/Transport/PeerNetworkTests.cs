using Starling.Host.Transport.Grpc;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Host.Transport;

/// <summary>Two nodes on the loopback interface, of which one only dials, as behind NAT.</summary>
public sealed class PeerNetworkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MessagesGoBothWaysOverTheLinkThatOneSideDialled()
    {
        await using var server = await PeerNode.Listening(1);
        await using var worker = await PeerNode.Dialling(2, server);
        await server.Meets(worker.Signer);
        await worker.Meets(server.Signer);
        var refusal = new RefuseTransaction(new TransactionId(Blake3.Hash([7])), SubmitRefusal.PoolFull);
        await server.Network.Send(worker.Signer.Id, refusal, Cancel);
        Assert.Equal(refusal, await worker.Hears<RefuseTransaction>(server.Signer));
        var batch = TestLog.Batch(3, Hash256.Zero);
        await worker.Network.Send(server.Signer.Id, new RequestBatches(3), Cancel);
        await worker.Network.Send(server.Signer.Id, new AnnounceBatch(batch), Cancel);
        Assert.Equal(3ul, (await server.Hears<RequestBatches>(worker.Signer)).FromHeight);
        Assert.Equal(batch.Header.Hash, (await server.Hears<AnnounceBatch>(worker.Signer)).Batch.Header.Hash);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PeerLimits.PartBytes)]
    [InlineData((3 * PeerLimits.PartBytes) + 517)]
    public async Task BlobsComeFromWhoeverHasThemOnEitherSide(int size)
    {
        await using var server = await PeerNode.Listening(1);
        await using var worker = await PeerNode.Dialling(2, server);
        await server.Meets(worker.Signer);
        await worker.Meets(server.Signer);
        var (mine, theirs) = (new byte[size], new byte[size + 1]);
        new Random(size).NextBytes(mine);
        new Random(size + 1).NextBytes(theirs);
        var (atServer, atWorker) = (server.Blobs.Put(mine), worker.Blobs.Put(theirs));
        Assert.True(await worker.Network.Fetch(atServer, [server.Signer.Id], Cancel));
        Assert.Equal(mine, worker.Blobs.Read(atServer));
        Assert.True(await server.Network.Fetch(atWorker, [], Cancel));
        Assert.Equal(theirs, server.Blobs.Read(atWorker));
        Assert.False(await server.Network.Fetch(Blake3.Hash("none"u8), [worker.Signer.Id], Cancel));
    }

    [Fact]
    public async Task ABrokenLinkIsNoticedAndMadeAgain()
    {
        await using var server = await PeerNode.Listening(1);
        await using (var worker = await PeerNode.Dialling(2, server))
            await server.Meets(worker.Signer);
        await server.Misses(PeerNode.KeyOf(2));
        await using var again = await PeerNode.Dialling(2, server);
        await again.Meets(server.Signer);
    }

    [Fact]
    public async Task AnotherChainIsRefusedWithAReason()
    {
        await using var server = await PeerNode.Listening(1);
        await using var stranger = await PeerNode.Dialling(2, server, chain: "two");
        var told = await stranger.Report("peer.refused-us");
        Assert.Contains("this is chain", told.Fields["reason"].ToString(), StringComparison.Ordinal);
        Assert.Equal("OtherChain", (await server.Report("peer.refused")).Fields["code"]);
        Assert.Empty(server.Network.Peers);
    }

    [Fact]
    public async Task AnotherProtocolIsRefusedWithAReason()
    {
        await using var server = await PeerNode.Listening(1);
        using var peer = new RawPeer(PeerNode.KeyOf(2), server);
        var hello = peer.Hello();
        (hello.Hello.ProtocolMin, hello.Hello.ProtocolMax) = (7, 9);
        await peer.Say(hello);
        var answer = (await peer.Hear())!.Refusal;
        Assert.Equal(RefusalCode.OtherProtocol, answer.Code);
        Assert.Contains("7 to 9", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANodeDoesNotLinkWithItself()
    {
        await using var server = await PeerNode.Listening(1);
        using var peer = new RawPeer(PeerNode.KeyOf(1), server);
        await peer.Say(peer.Hello());
        Assert.Equal(RefusalCode.Self, (await peer.Hear())!.Refusal.Code);
    }
}
