using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Market;

/// <summary>
/// The offers of one shelf that pass one set of filters, cheapest first, equal prices in the order that the lottery
/// draws. All orders with the same filters take from one stream, so no offer is looked at twice for them.
/// </summary>
internal sealed class OfferStream(
    Step step, Shelf shelf, OpenJob filters, string exceptRegion, NodeId[] avoided, JobId? only)
{
    private readonly ulong[] _prices = shelf.Prices();
    private readonly PriorityQueue<Seller, Arrival> _sellers = new();
    private int _next;
    private ulong _price;

    /// <summary>The next offer and its effective price, if there is one at no more than a price.</summary>
    /// <param name="most">Levels above it stay untouched for orders that pay more.</param>
    /// <param name="budget">Offers that may still be looked at in this batch.</param>
    public OfferRecord? Peek(ulong most, ref int budget, out ulong price)
    {
        while (true)
        {
            price = _price;
            while (_sellers.TryPeek(out var seller, out _))
            {
                if (_price > most)
                    return null;
                if (seller.Current(step) is { } offer && !HasItsShare(seller.Provider))
                    return offer;
                _sellers.Dequeue();
            }

            if (_next == _prices.Length || _prices[_next] > most || budget <= 0)
                return null;
            Load(_prices[_next++], ref budget);
        }
    }

    /// <summary>The offer that <see cref="Peek"/> gave was taken: its provider's next slot arrives later.</summary>
    public void Took()
    {
        _sellers.TryPeek(out var seller, out var at);
        if (seller!.Current(step) is null)
        {
            _sellers.Dequeue();
            return;
        }

        seller.Arrivals++;
        _sellers.DequeueEnqueue(seller, new Arrival(at.Time + Wait(seller), seller.Provider));
    }

    /// <summary>In a quorum no provider holds more than its part of the leases, so that every task finds enough of them.</summary>
    private bool HasItsShare(NodeId provider) => only is { } job
        && (ulong)step.State.LeasesOf(job).Count(l => l.Provider == provider) >= (ulong)filters.Leases / filters.Quorum;

    private UInt128 Wait(Seller seller) => Lottery.Wait(step.Beacon, seller.Provider, seller.Arrivals, seller.Weight);

    private void Load(ulong price, ref int budget)
    {
        _price = price;
        var level = shelf.At(price);
        budget -= level.Length;
        var offers = new List<OfferRecord>(level.Length);
        foreach (var posting in level)
        {
            var offer = step.State.Offers.Get(posting.Id);
            if (offer.Posted + Matching.Delay <= step.Height && !(exceptRegion.Length > 0 && offer.Terms.Region == exceptRegion)
                && Array.BinarySearch(avoided, offer.Provider) < 0
                && Fitting.Reason(step.State, filters, offer, step.Time) == MatchReason.Fits)
                offers.Add(offer);
        }

        offers.Sort(static (a, b) =>
            a.Provider == b.Provider ? a.Id.CompareTo(b.Id) : a.Provider.CompareTo(b.Provider));
        var sellers = new List<(Seller, Arrival)>(offers.Count);
        for (var i = 0; i < offers.Count;)
        {
            var first = i;
            while (i < offers.Count && offers[i].Provider == offers[first].Provider)
                i++;
            var ids = offers.GetRange(first, i - first).ConvertAll(static o => o.Id);
            var seller = new Seller(offers[first].Provider, ids, (ulong)step.Backing(offers[first].Provider).Micro + 1);
            sellers.Add((seller, new Arrival(Wait(seller), seller.Provider)));
        }

        _sellers.EnqueueRange(sellers);
    }

    /// <summary>When a provider's next slot arrives; the same moment goes by the key.</summary>
    private readonly record struct Arrival(UInt128 Time, NodeId Provider) : IComparable<Arrival>
    {
        public int CompareTo(Arrival other)
        {
            var order = Time.CompareTo(other.Time);
            return order == 0 ? Provider.CompareTo(other.Provider) : order;
        }
    }

    /// <summary>One provider's offers at one price.</summary>
    private sealed class Seller(NodeId provider, List<OfferId> offers, ulong weight)
    {
        private int _first;

        public NodeId Provider { get; } = provider;

        public ulong Weight { get; } = weight;

        public int Arrivals { get; set; }

        /// <summary>Its first offer with a slot left; null when all are taken.</summary>
        public OfferRecord? Current(Step step)
        {
            for (; _first < offers.Count; _first++)
            {
                if (step.State.Offers.Find(offers[_first]) is { FreeSlots: > 0 } offer)
                    return offer;
            }

            return null;
        }
    }
}
