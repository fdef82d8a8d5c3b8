using System.Collections.Concurrent;

namespace Starling.Host.OpenAi.Keys;

/// <summary>Requests per minute of each key: a bucket that fills steadily and holds one minute's worth.</summary>
internal sealed class RateLimits(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new();

    /// <summary>Takes one request; how long to wait where there is none left.</summary>
    public TimeSpan? Take(ApiKey key) =>
        key.Terms.Rate is { } rate ? _buckets.GetOrAdd(key.Id, _ => new Bucket(rate, time.GetTimestamp())).Take(rate, time) : null;

    private sealed class Bucket(double left, long since)
    {
        private readonly Lock _gate = new();

        public TimeSpan? Take(int rate, TimeProvider time)
        {
            lock (_gate)
            {
                left = Math.Min(rate, left + (time.GetElapsedTime(since).TotalMinutes * rate));
                since = time.GetTimestamp();
                if (left >= 1)
                {
                    left--;
                    return null;
                }

                return TimeSpan.FromMinutes((1 - left) / rate);
            }
        }
    }
}
