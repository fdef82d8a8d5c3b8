using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Market;

/// <summary>
/// Matches standing orders to offers: filters first, then the cheapest. A batch matches the book as it was closed two
/// batches before, and its own beacon breaks ties among equal prices by stake: nobody who posts knows the beacon, and
/// splitting an offer in many wins nothing (protocol.md, 17).
/// </summary>
internal static class Matching
{
    private const ulong Delay = 2;

    private static readonly HashDomain s_tie = HashDomain.Get("match tie");

    /// <summary>True when an order might match in one of the next batches although nothing else happens.</summary>
    public static bool Pending(LedgerState state) =>
        state.Index.Orders.Count > 0 && state.Index.Book.Count > 0
        && state.Height < state.Network.MarketChanged + Delay;

    public static void Run(Step step)
    {
        var state = step.State;
        if (state.Index.Orders.Count == 0 || state.Index.Book.Count == 0
            || step.Height > state.Network.MarketChanged + Delay)
            return;
        foreach (var (_, id) in state.Index.Orders.ToArray())
        {
            var job = state.Jobs.Get(id);
            if (job.Opened + Delay > step.Height)
                continue;
            while (job.ActiveLeases < job.Order.Leases && Choose(step, job) is { } offer)
            {
                Leasing.Match(step, job, offer);
                job = state.Jobs.Get(id);
            }
        }
    }

    /// <summary>An offer at the lowest price that fits.</summary>
    private static OfferRecord? Choose(Step step, JobRecord job)
    {
        var cheapest = new List<OfferRecord>();
        foreach (var (price, id) in step.State.Index.Book)
        {
            if (price > job.Order.MaxPrice || (cheapest.Count > 0 && price > cheapest[0].Terms.Price))
                break;
            var offer = step.State.Offers.Get(id);
            if (offer.Posted + Delay <= step.Height
                && Fitting.Reason(step.State, job.Order, offer, step.Time) == MatchReason.Fits)
                cheapest.Add(offer);
        }

        return cheapest.Count <= 1 ? cheapest.FirstOrDefault() : Draw(step, job, cheapest);
    }

    /// <summary>One of several at the same price: a provider by its stake, then its first offer.</summary>
    private static OfferRecord Draw(Step step, JobRecord job, List<OfferRecord> offers)
    {
        offers.Sort(static (a, b) =>
            a.Provider == b.Provider ? a.Id.CompareTo(b.Id) : a.Provider.CompareTo(b.Provider));
        UInt128 total = 0;
        for (var i = 0; i < offers.Count; i++)
            total += Weight(step, offers, i);
        var point = Random(step, job) % total;
        for (var i = 0; i < offers.Count; i++)
        {
            var weight = Weight(step, offers, i);
            if (point < weight)
                return offers[i];
            point -= weight;
        }

        throw new InvalidOperationException("a point below the sum lies in one of its parts");
    }

    /// <summary>A provider's stake counts once, however many offers it has.</summary>
    private static UInt128 Weight(Step step, List<OfferRecord> offers, int index) =>
        index > 0 && offers[index - 1].Provider == offers[index].Provider
            ? 0
            : step.Stake(offers[index].Provider).Bonded.Micro + 1;

    private static UInt128 Random(Step step, JobRecord job)
    {
        Span<byte> bytes = stackalloc byte[(2 * Hash256.Size) + sizeof(int)];
        step.Beacon.CopyTo(bytes);
        job.Id.Hash.CopyTo(bytes[Hash256.Size..]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes[(2 * Hash256.Size)..], job.NextLease);
        Span<byte> hash = stackalloc byte[Hash256.Size];
        s_tie.Hash(bytes).CopyTo(hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
