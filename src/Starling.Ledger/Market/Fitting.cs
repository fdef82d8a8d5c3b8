using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Market;

/// <summary>What stands between an order and an offer. In the order in which it is checked.</summary>
public enum MatchReason
{
    /// <summary>Nothing: it can match.</summary>
    Fits = 0,
    OffBook = 1,
    Capability = 2,
    Region = 3,
    Memory = 4,
    TooDear = 5,
    Expired = 6,

    /// <summary>Every slot is leased.</summary>
    NoFreeSlot = 7,

    /// <summary>Jailed for a conviction, or out for good.</summary>
    Jailed = 8,

    /// <summary>Did not show up lately.</summary>
    Excluded = 9,

    /// <summary>No free stake to stand behind a task.</summary>
    StakeShort = 10,

    /// <summary>Posted too lately: the book it is on is not closed yet.</summary>
    NotYet = 11,

    /// <summary>The order has all its leases.</summary>
    OrderFilled = 12,

    /// <summary>The job takes no more leases.</summary>
    JobNotOpen = 13,

    /// <summary>Its provider has no stake yet, and the order does not take newcomers.</summary>
    Newcomer = 14,

    /// <summary>Lacks an attribute that the order names.</summary>
    Attributes = 15,

    /// <summary>Measured at less than the order needs, or not at all.</summary>
    Rate = 16,

    /// <summary>Cheap enough, but not with what its provider's missed deadlines add.</summary>
    Unreliable = 17,

    /// <summary>No minter vouches for its provider any more.</summary>
    NotVouched = 18,

    /// <summary>The job's coordinator does without its provider for now.</summary>
    Avoided = 19,
}

/// <summary>One offer's standing towards a job.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Leases">Slots of it that the job holds.</param>
/// <param name="Reason">Why it holds no more.</param>
public sealed record OfferFit(OfferRecord Offer, int Leases, MatchReason Reason);

/// <summary>The filters of the market, for matching and for telling why not.</summary>
public static class Fitting
{
    /// <summary>For every offer, why the job does not hold a further slot of it.</summary>
    /// <returns>Empty for an unknown job.</returns>
    public static IReadOnlyList<OfferFit> Explain(LedgerState state, JobId id)
    {
        if (state.Jobs.Find(id) is not { } job)
            return [];
        var fits = new List<OfferFit>();
        foreach (var offer in state.Offers.InOrder())
        {
            var leases = state.LeasesOf(id).Count(l => l.Offer == offer.Id);
            fits.Add(new OfferFit(offer, leases, ReasonNow(state, job, offer)));
        }

        return fits;
    }

    internal static MatchReason Reason(LedgerState state, OpenJob order, OfferRecord offer, Timestamp now)
    {
        var terms = offer.Terms;
        if (offer.OffBook)
            return MatchReason.OffBook;
        if (order.Capability.Length > 0 && order.Capability != terms.Capability)
            return MatchReason.Capability;
        if (order.Region.Length > 0 && order.Region != terms.Region)
            return MatchReason.Region;
        if (terms.MemoryMiB < order.MemoryMiB)
            return MatchReason.Memory;
        if (terms.Rate < order.MinRate)
            return MatchReason.Rate;
        if (!Array.TrueForAll(order.Attributes, a => Array.IndexOf(terms.Attributes, a) >= 0))
            return MatchReason.Attributes;
        if (terms.Price > order.MaxPrice)
            return MatchReason.TooDear;
        var stake = state.Stakes.Find(offer.Provider) ?? new StakeRecord(offer.Provider);
        var rules = state.Rules;
        if (stake.NoShows > 0 && Pricing.Effective(rules, terms, stake) > order.MaxPrice)
            return MatchReason.Unreliable;
        if (offer.Newcomer && (!order.Newcomers || order.Verification == Verification.None))
            return MatchReason.Newcomer;
        if (terms.Expires <= now)
            return MatchReason.Expired;
        if (offer.FreeSlots == 0)
            return MatchReason.NoFreeSlot;
        if (stake.Tombstoned || stake.Jailed)
            return MatchReason.Jailed;
        if (stake.BarredUntil != default)
            return MatchReason.Excluded;
        if (rules.VouchRequired && stake.Vouched == 0)
            return MatchReason.NotVouched;
        return rules.StakeRequired && stake.Free == Tokens.Zero && !offer.Newcomer ? MatchReason.StakeShort : MatchReason.Fits;
    }

    private static MatchReason ReasonNow(LedgerState state, JobRecord job, OfferRecord offer)
    {
        if (job.Status != JobStatus.Open)
            return MatchReason.JobNotOpen;
        var reason = Reason(state, job.Order, offer, state.Time);
        if (reason != MatchReason.Fits)
            return reason;
        if (Array.IndexOf(job.Avoided, offer.Provider) >= 0)
            return MatchReason.Avoided;
        if (job.ActiveLeases >= job.Order.Leases)
            return MatchReason.OrderFilled;
        return MatchReason.NotYet;
    }
}
