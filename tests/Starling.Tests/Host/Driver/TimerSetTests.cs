using Starling.Host.Driver;
using Starling.Protocol;
using Xunit;

namespace Starling.Tests.Host.Driver;

public sealed class TimerSetTests
{
    /// <summary>A job may have its deadline in a thousand years: whoever waits for it must not fall over.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4_102_444_800_000)]
    [InlineData(long.MaxValue)]
    public void ATimerMayBeSetForAnyTime(long at)
    {
        using var timers = new TimerSet(TimeProvider.System, new Mailbox(1));
        timers.Set("far", new Timestamp(at));
        timers.Set("far", new Timestamp(at));
        timers.Set("far", null);
        Assert.False(timers.TryTake(new TimerDue("far", 1)));
    }
}
