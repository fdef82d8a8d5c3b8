using Starling.Protocol;

namespace Starling.Host.Driver;

/// <summary>A role's named timers. Used by the driver's loop alone; only the firing comes from elsewhere.</summary>
internal sealed class TimerSet(TimeProvider time, Mailbox mailbox) : IDisposable
{
    /// <summary>Longer waits than the system's timers can have are had in parts: a role that is woken early looks again.</summary>
    private const long LongestMs = 7L * 24 * 3_600 * 1_000;

    private readonly Dictionary<string, (ITimer Timer, long Version)> _timers = [];
    private long _version;

    public void Set(string name, Timestamp? at)
    {
        if (_timers.Remove(name, out var old))
            old.Timer.Dispose();
        if (at is not { } due)
            return;
        var version = ++_version;
        var wait = Math.Clamp(due.Milliseconds - time.GetUtcNow().ToUnixTimeMilliseconds(), 0, LongestMs);
        var timer = time.CreateTimer(
            _ => mailbox.Complete(new TimerDue(name, version)), null, TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
        _timers.Add(name, (timer, version));
    }

    /// <summary>True once for a timer that is due and still wanted.</summary>
    public bool TryTake(TimerDue due)
    {
        if (!_timers.TryGetValue(due.Timer, out var timer) || timer.Version != due.Version)
            return false;
        _timers.Remove(due.Timer);
        timer.Timer.Dispose();
        return true;
    }

    public void Dispose()
    {
        foreach (var (timer, _) in _timers.Values)
            timer.Dispose();
        _timers.Clear();
    }
}
