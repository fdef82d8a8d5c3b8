using Starling.Ledger.Events;
using Starling.Ledger.State;
using Starling.Protocol;

namespace Starling.Ledger.Market;

/// <summary>
/// What a capability goes for: the median price of the leases of the last windows of time, by leases, moved by at most
/// a twentieth per window. A reader of events for people to look at; no rule reads it and no root holds it.
/// </summary>
/// <param name="windowMs">Length of a window.</param>
public sealed class PriceIndex(long windowMs = 3_600_000)
{
    private const int Windows = 24;
    private const ulong MoveShare = 20;

    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

    /// <summary>Takes the events of a batch that was just applied.</summary>
    public void Observe(LedgerState state, IReadOnlyList<LedgerEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is MatchedLease lease && state.Offers.Find(lease.Offer) is { } offer)
                Of(offer.Terms.Capability).Add(state.Time, lease.Price);
        }
    }

    /// <summary>Micro-credits per 10^9 work units; null where no lease was seen lately.</summary>
    public ulong? Find(string capability, Timestamp now) =>
        _series.TryGetValue(capability, out var series) ? series.At(now) : null;

    /// <summary>Capabilities that had a price, in order.</summary>
    public IReadOnlyCollection<string> Capabilities => _series.Keys;

    private Series Of(string capability)
    {
        if (!_series.TryGetValue(capability, out var series))
            _series.Add(capability, series = new Series(windowMs));
        return series;
    }

    private sealed class Series(long windowMs)
    {
        private readonly SortedDictionary<long, List<ulong>> _windows = [];
        private long _settled = long.MinValue;
        private ulong? _value;

        public void Add(Timestamp at, ulong price)
        {
            Settle(at);
            var window = at.Milliseconds / windowMs;
            if (!_windows.TryGetValue(window, out var prices))
                _windows.Add(window, prices = []);
            prices.Add(price);
        }

        public ulong? At(Timestamp now)
        {
            Settle(now);
            return _value ?? Median();
        }

        /// <summary>Moves the value once for every window that is over.</summary>
        private void Settle(Timestamp now)
        {
            var current = now.Milliseconds / windowMs;
            if (_settled == long.MinValue)
                _settled = current;
            for (; _settled < current && _windows.Count > 0; _settled++)
            {
                foreach (var old in _windows.Keys.Where(w => w + Windows <= _settled).ToArray())
                    _windows.Remove(old);
                if (Median() is { } median)
                    _value = _value is { } last ? Toward(last, median) : median;
                else
                    _value = null;
            }

            _settled = Math.Max(_settled, current);
        }

        private static ulong Toward(ulong last, ulong median)
        {
            var most = Math.Max(1, last / MoveShare);
            return median > last ? last + Math.Min(most, median - last) : last - Math.Min(most, last - median);
        }

        private ulong? Median()
        {
            var all = new List<ulong>();
            foreach (var prices in _windows.Values)
                all.AddRange(prices);
            all.Sort();
            return all.Count == 0 ? null : all[(all.Count - 1) / 2];
        }
    }
}
