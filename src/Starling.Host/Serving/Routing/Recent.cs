namespace Starling.Host.Serving.Routing;

/// <summary>The last few measurements of something, and their quantiles. Safe for concurrent use.</summary>
internal sealed class Recent
{
    private const int Kept = 256;

    private readonly Lock _gate = new();
    private readonly double[] _values = new double[Kept];
    private double[] _sorted = [];
    private int _count;
    private int _sortedAt;

    /// <summary>Measurements so far.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(TimeSpan value)
    {
        lock (_gate)
            _values[_count++ % Kept] = value.TotalMilliseconds;
    }

    /// <summary>What a share of the last measurements do not exceed; null where there are fewer than <paramref name="least"/>.</summary>
    public TimeSpan? Quantile(double share, int least)
    {
        lock (_gate)
        {
            if (_count < least)
                return null;
            // A few measurements change nothing worth sorting for.
            if (_sorted.Length == 0 || _count - _sortedAt > Math.Min(16, _sorted.Length / 8))
            {
                _sorted = _values[..Math.Min(_count, Kept)];
                Array.Sort(_sorted);
                _sortedAt = _count;
            }

            return TimeSpan.FromMilliseconds(_sorted[(int)Math.Min(_sorted.Length - 1, share * _sorted.Length)]);
        }
    }
}
