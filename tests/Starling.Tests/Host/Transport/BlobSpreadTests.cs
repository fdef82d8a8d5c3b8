using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Host.Transport;

/// <summary>Several who fetch one blob at once pass on to each other what they got.</summary>
public sealed class BlobSpreadTests
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("STARLING_LONG_TESTS") == "1";

    private static int Size => s_long ? 1 << 30 : 24 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoWhoFetchTheSameTakeLittleMoreThanOneCopyFromTheOrigin()
    {
        await using var origin = await PeerNode.Joining(1, null, Size);
        await using var left = await PeerNode.Joining(2, origin, Size);
        await using var right = await PeerNode.Joining(3, origin, Size);
        await left.Meets(origin.Signer);
        await left.Meets(right.Signer);
        await right.Meets(origin.Signer);
        await right.Meets(left.Signer);
        var content = Put(origin);
        var clock = TimeProvider.System.GetTimestamp();
        var fetched = await Task.WhenAll(Fetch(left), Fetch(right));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Size >> 20} MiB to two: the origin sent {(double)origin.Network.BlobBytesSent / Size:F3} copies, "
            + $"in {TimeProvider.System.GetElapsedTime(clock).TotalSeconds:F1} s");
        Assert.Equal([true, true], fetched);
        Assert.True(left.Blobs.Has(content) && right.Blobs.Has(content));
        Assert.InRange((double)origin.Network.BlobBytesSent / Size, 1, 1.1);

        Task<bool> Fetch(PeerNode node) => node.Network.Fetch(content, [origin.Signer.Id], Cancel);
    }

    [Fact]
    public async Task OneWhoFetchesFromTwoHoldersTakesAPartOfEach()
    {
        await using var one = await PeerNode.Joining(1, null, Size);
        await using var two = await PeerNode.Joining(2, one, Size);
        await using var reader = await PeerNode.Joining(3, one, Size);
        await reader.Meets(one.Signer);
        await reader.Meets(two.Signer);
        var content = Put(one);
        Assert.Equal(content, Put(two));
        Assert.True(await reader.Network.Fetch(content, [one.Signer.Id, two.Signer.Id], Cancel));
        var (first, second) = (one.Network.BlobBytesSent, two.Network.BlobBytesSent);
        Assert.True(first > 0 && second > 0, $"{first} and {second} bytes");
        Assert.InRange((double)(first + second) / Size, 1, 1.15);
    }

    [Fact]
    public async Task WhoeverWasSentAPartAndIsGoneIsNotWaitedFor()
    {
        await using var origin = await PeerNode.Joining(1, null, Size);
        var content = Put(origin);
        await using (var gone = await PeerNode.Joining(2, origin, Size))
        {
            await gone.Meets(origin.Signer);
            Assert.True(await gone.Network.Fetch(content, [origin.Signer.Id], Cancel));
        }

        await using var late = await PeerNode.Joining(3, origin, Size);
        await late.Meets(origin.Signer);
        Assert.True(await late.Network.Fetch(content, [origin.Signer.Id], Cancel));
    }

    private static Hash256 Put(PeerNode node)
    {
        var bytes = new byte[Size];
        new Random(Size).NextBytes(bytes);
        return node.Blobs.Put(bytes);
    }
}
