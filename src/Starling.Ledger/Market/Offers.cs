using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Market;

/// <summary>Offers on the book and off it.</summary>
internal static class Offers
{
    public static FailureCode Post(Step step, PostOffer body)
    {
        if (body.Capability.Length == 0)
            return FailureCode.UnnamedCapability;
        if (body.Expires <= step.Time)
            return FailureCode.DeadlinePassed;
        var stake = step.Stake(step.Sender);
        if (stake.Barred)
            return FailureCode.Barred;
        if (step.Rules.VouchRequired && stake.Slots + (long)body.Slots > stake.Vouched)
            return FailureCode.NotVouched;
        var holding = stake with { Slots = checked(stake.Slots + body.Slots) };
        var newcomer = holding.Bonded < Bonding.Offered(step, holding);
        if (newcomer && !EarningIn.MayBegin(step, stake, body.Slots))
            return FailureCode.StakeShort;
        step.State.Stakes.Put(holding);
        step.State.Offers.Put(new OfferRecord(
            new OfferId(step.Transaction.Hash), step.Sender, body, step.Height, 0, false)
        {
            Newcomer = newcomer,
        });
        step.MarketChanged();
        return FailureCode.None;
    }

    public static FailureCode Withdraw(Step step, WithdrawOffer body)
    {
        if (FindOwn(step, body.Offer, out var offer) is var code and not FailureCode.None)
            return code;
        TakeOff(step, offer);
        return FailureCode.None;
    }

    public static FailureCode Reprice(Step step, RepriceOffer body)
    {
        if (FindOwn(step, body.Offer, out var offer) is var code and not FailureCode.None)
            return code;
        var terms = offer.Terms with { Price = body.Price, SecondPrice = body.SecondPrice, Minimum = body.Minimum };
        step.State.Offers.Put(offer with { Terms = terms, Posted = step.Height });
        step.Emit(new OfferRepriced(offer.Id, offer.Provider, body.Price));
        step.MarketChanged();
        return FailureCode.None;
    }

    public static void Expire(Step step, OfferId id)
    {
        var offer = step.State.Offers.Get(id);
        step.Emit(new OfferExpired(id, offer.Provider));
        TakeOff(step, offer);
    }

    /// <summary>A lease of some of an offer's slots ended.</summary>
    public static void Freed(Step step, OfferId id, int slots = 1)
    {
        var offer = step.State.Offers.Get(id);
        offer = offer with { Leased = offer.Leased - slots };
        step.State.Offers.Put(offer);
        RemoveIfIdle(step, offer);
        step.MarketChanged();
    }

    private static FailureCode FindOwn(Step step, OfferId id, out OfferRecord offer)
    {
        offer = step.State.Offers.Find(id)!;
        if (offer is null)
            return FailureCode.UnknownOffer;
        if (offer.Provider != step.Sender)
            return FailureCode.NotAllowed;
        return offer.OffBook ? FailureCode.OfferOffBook : FailureCode.None;
    }

    /// <summary>Leases without a task end with the offer; the others when their last task is committed.</summary>
    private static void TakeOff(Step step, OfferRecord offer)
    {
        offer = offer with { OffBook = true };
        step.State.Offers.Put(offer);
        RemoveIfIdle(step, offer);
        foreach (var lease in step.State.LeasesOf(offer.Provider))
        {
            if (lease.Offer == offer.Id && lease.Tasks.Length == 0)
                Leasing.Drop(step, lease, DropReason.Withdrawn);
        }
    }

    private static void RemoveIfIdle(Step step, OfferRecord offer)
    {
        if (!offer.OffBook || offer.Leased > 0)
            return;
        step.State.Offers.Remove(offer.Id);
        var stake = step.Stake(offer.Provider);
        step.State.Stakes.Put(stake with { Slots = stake.Slots - offer.Terms.Slots });
    }
}
