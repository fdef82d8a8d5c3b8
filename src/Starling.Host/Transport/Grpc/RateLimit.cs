namespace Starling.Host.Transport.Grpc;

/// <summary>
/// Lets so much through a second for long, and so much in one burst. Whoever takes more waits: nothing is lost.
/// </summary>
internal sealed class RateLimit(long perSecond, long atOnce, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _left = atOnce;
    private long _filled = time.GetTimestamp();

    public ValueTask Take(long amount, CancellationToken cancel)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(atOnce, _left + (perSecond * time.GetElapsedTime(_filled, now).TotalSeconds));
            _filled = now;
            _left -= amount;
            wait = _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / perSecond);
        }

        return wait == TimeSpan.Zero ? ValueTask.CompletedTask : new ValueTask(Task.Delay(wait, time, cancel));
    }
}
