using Starling.Host.Driver;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol.Identity;
using Xunit;

namespace Starling.Tests.Host.Driver;

public sealed class MailboxTests
{
    [Fact]
    public async Task CompletionsComeFirstAndAreNeverRefused()
    {
        var mailbox = new Mailbox(1);
        Assert.True(mailbox.TryPost(Request(1)));
        for (var i = 0; i < 10; i++)
            mailbox.Complete(new TimerFired($"{i}"));
        var inputs = await Take(mailbox, 20);
        Assert.Equal(11, inputs.Count);
        Assert.IsType<MessageReceived>(inputs[^1]);
    }

    [Fact]
    public async Task AFullBoxDropsTheOldestAnnouncementForANewOne()
    {
        var mailbox = new Mailbox(3);
        Assert.True(mailbox.TryPost(Request(1)));
        Assert.True(mailbox.TryPost(Announcement(1)));
        Assert.True(mailbox.TryPost(Announcement(2)));
        Assert.True(mailbox.TryPost(Announcement(3)));
        Assert.Equal(1, mailbox.Dropped);
        var inputs = (await Take(mailbox, 9)).Cast<MessageReceived>().ToList();
        Assert.Equal(new RequestBatches(1), inputs[0].Message);
        Assert.Equal([2ul, 3ul], inputs.Skip(1).Select(m => ((AnnounceBatch)m.Message).Batch.Header.Header.Height));
    }

    [Fact]
    public async Task AFullBoxMakesOtherSendersWait()
    {
        var mailbox = new Mailbox(1);
        Assert.True(mailbox.TryPost(Request(1)));
        Assert.False(mailbox.TryPost(Request(2)));
        await Take(mailbox, 1);
        await mailbox.WaitForRoom(TestContext.Current.CancellationToken);
        Assert.True(mailbox.TryPost(Request(2)));
    }

    private static async Task<List<Input>> Take(Mailbox mailbox, int max)
    {
        var inputs = new List<Input>();
        await mailbox.Take(inputs, max, TestContext.Current.CancellationToken);
        return inputs;
    }

    private static MessageReceived Request(ulong height) => new(default(NodeId), new RequestBatches(height));

    private static MessageReceived Announcement(ulong height) =>
        new(default(NodeId), new AnnounceBatch(TestLog.Batch(height, default)));
}
