using Google.Protobuf;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Xunit;

namespace Starling.Tests.Host.Transport;

public sealed class SendQueueTests
{
    [Fact]
    public async Task FullMeansWaitOrDropTheOldestAnnouncement()
    {
        var queue = new SendQueue(2, 1_000);
        Assert.True(queue.TryAdd(Request(1), Overflow.BackPressure));
        Assert.True(queue.TryAdd(Announcement(10), Overflow.DropOldest));
        Assert.False(queue.TryAdd(Request(2), Overflow.BackPressure));
        Assert.True(queue.TryAdd(Announcement(20), Overflow.DropOldest));
        Assert.Equal(1, queue.Dropped);
        Assert.True(queue.TryTake(out var first));
        Assert.Equal(1ul, first.RequestBatches);
        await queue.WaitForRoom(TestContext.Current.CancellationToken);
        Assert.True(queue.TryAdd(Request(3), Overflow.BackPressure));
        Assert.True(queue.TryTake(out var second));
        Assert.Equal(20, second.AnnounceBatch.Length);
    }

    [Fact]
    public void BytesAreBoundedTooButOneFrameAlwaysFits()
    {
        var queue = new SendQueue(100, 1_000);
        Assert.True(queue.TryAdd(Announcement(5_000), Overflow.DropOldest));
        Assert.False(queue.TryAdd(Request(1), Overflow.BackPressure));
        Assert.True(queue.TryTake(out _));
        Assert.True(queue.TryAdd(Announcement(600), Overflow.DropOldest));
        Assert.True(queue.TryAdd(Announcement(601), Overflow.DropOldest));
        Assert.True(queue.TryTake(out var left));
        Assert.Equal(601, left.AnnounceBatch.Length);
        Assert.False(queue.TryTake(out _));
    }

    private static Frame Request(ulong height) => new() { RequestBatches = height };

    private static Frame Announcement(int size) => new() { AnnounceBatch = ByteString.CopyFrom(new byte[size]) };
}
