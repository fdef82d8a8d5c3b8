using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Rents;

/// <summary>
/// Sealed first-price bids for machine leases: committed, shown, chosen from. Whoever does not show a bid, or asks and
/// chooses none, pays for it; a full list makes room only for a bond twice its least.
/// </summary>
internal static class Auctions
{
    private const ulong Milli = 1_000;

    public static FailureCode Open(Step step, OpenAuction body)
    {
        if (body.MostPerSecond == 0)
            return FailureCode.ZeroAmount;
        var deposit = new Credits(step.Rules.AuctionDeposit);
        if (!Purse.TryTake(step, step.Sender, deposit))
            return FailureCode.CreditsShort;
        var id = new AuctionId(step.Transaction.Hash);
        step.State.Auctions.Put(new AuctionRecord(id, step.Sender, body, step.Time, deposit, []));
        step.Emit(new AuctionOpened(id, step.Sender));
        return FailureCode.None;
    }

    public static FailureCode Commit(Step step, CommitBid body)
    {
        if (step.State.Auctions.Find(body.Auction) is not { } auction)
            return FailureCode.UnknownAuction;
        if (step.Time >= auction.CommitUntil)
            return FailureCode.WrongAuctionPhase;
        if (auction.Owner == step.Sender)
            return FailureCode.NotAllowed;
        if (auction.IndexOf(step.Sender) >= 0)
            return FailureCode.AlreadyBid;
        if (body.Bond < LeastBond(step, auction.Terms))
            return FailureCode.BidBondShort;
        var bond = new Credits(body.Bond);
        if (auction.Bids.Length == AuctionRecord.MaxBids && !TryEvict(step, ref auction, bond))
            return FailureCode.AuctionFull;
        if (!Purse.TryTake(step, step.Sender, bond))
            return FailureCode.CreditsShort;
        var bid = new SealedBid(step.Sender, body.Commitment, bond, null, 0);
        step.State.Auctions.Put(auction with { Bids = [.. auction.Bids, bid] });
        return FailureCode.None;
    }

    public static FailureCode Reveal(Step step, RevealBid body)
    {
        if (step.State.Auctions.Find(body.Auction) is not { } auction)
            return FailureCode.UnknownAuction;
        if (step.Time < auction.CommitUntil || step.Time >= auction.RevealUntil)
            return FailureCode.WrongAuctionPhase;
        var index = auction.IndexOf(step.Sender);
        var commitment = Derived.BidCommitment(
            step.State.Chain, auction.Id, step.Sender, body.Offer, body.PerSecond, body.Salt);
        if (index < 0 || auction.Bids[index].Commitment != commitment)
            return FailureCode.UnknownBid;
        if (body.PerSecond == 0)
            return FailureCode.ZeroAmount;
        if (body.PerSecond > auction.Terms.MostPerSecond)
            return FailureCode.RateAboveLimit;
        if (step.State.Offers.Find(body.Offer) is not { } offer || offer.Provider != step.Sender)
            return FailureCode.UnknownOffer;
        if (!Fits(auction.Terms, offer.Terms))
            return FailureCode.OfferUnfit;
        var bids = (SealedBid[])auction.Bids.Clone();
        bids[index] = bids[index] with { Offer = body.Offer, PerSecond = body.PerSecond };
        step.State.Auctions.Put(auction with { Bids = bids });
        return FailureCode.None;
    }

    public static FailureCode Choose(Step step, ChooseBid body)
    {
        if (step.State.Auctions.Find(body.Auction) is not { } auction)
            return FailureCode.UnknownAuction;
        if (auction.Owner != step.Sender)
            return FailureCode.NotAllowed;
        if (step.Time < auction.RevealUntil || step.Time >= auction.ChooseUntil)
            return FailureCode.WrongAuctionPhase;
        if (Array.Find(auction.Bids, b => b.Bidder == body.Bidder) is not { Offer: { } id } bid)
            return FailureCode.UnknownBid;
        if (step.State.Offers.Find(id) is not { } offer)
            return FailureCode.UnknownOffer;
        var until = step.Time.After(auction.Terms.DurationMs);
        if (MachineLeases.Begin(step, step.Sender, offer, bid.PerSecond, until) is var code and not FailureCode.None)
            return code;
        Close(step, auction, bid.Bidder);
        return FailureCode.None;
    }

    public static void Due(Step step, AuctionId id) => Close(step, step.State.Auctions.Get(id), null);

    /// <summary>
    /// Gives shown bids their bonds back; of the others half is burned and half is for whoever asked. The deposit goes
    /// back if one was chosen or none shown, else in equal parts to those that did show one.
    /// </summary>
    private static void Close(Step step, AuctionRecord auction, NodeId? chosen)
    {
        step.State.Auctions.Remove(auction.Id);
        var shown = Array.FindAll(auction.Bids, static b => b.Offer is not null);
        var lost = chosen is null && shown.Length > 0;
        var share = lost ? auction.Deposit.MulDiv(1, (ulong)shown.Length) : Credits.Zero;
        var toOwner = lost ? Credits.Zero : auction.Deposit;
        var burned = lost ? auction.Deposit - (share * (ulong)shown.Length) : Credits.Zero;
        foreach (var bid in auction.Bids)
        {
            if (bid.Offer is not null)
            {
                Give(step, auction, bid.Bidder, bid.Bond + share);
                continue;
            }

            var half = bid.Bond.MulDiv(1, 2);
            (toOwner, burned) = (toOwner + half, burned + (bid.Bond - half));
        }

        Give(step, auction, auction.Owner, toOwner);
        var network = step.State.Network;
        step.State.SetNetwork(network with { CreditsBurned = network.CreditsBurned + burned });
        step.Emit(new AuctionClosed(auction.Id, chosen, burned));
    }

    private static void Give(Step step, AuctionRecord auction, NodeId to, Credits amount)
    {
        if (amount == Credits.Zero)
            return;
        Purse.Give(step, to, amount);
        step.Emit(new AuctionPaid(auction.Id, to, amount));
    }

    /// <summary>Against bidders that only hold places: the least bond goes for one of at least twice as much.</summary>
    private static bool TryEvict(Step step, ref AuctionRecord auction, Credits bond)
    {
        var least = auction.Bids.MinBy(static b => b.Bond)!;
        if (bond < least.Bond * 2)
            return false;
        Purse.Give(step, least.Bidder, least.Bond);
        step.Emit(new BidEvicted(auction.Id, least.Bidder, least.Bond));
        auction = auction with { Bids = Array.FindAll(auction.Bids, b => b.Bidder != least.Bidder) };
        return true;
    }

    private static UInt128 LeastBond(Step step, OpenAuction terms)
    {
        var worth = (UInt128)terms.MostPerSecond * (ulong)terms.DurationMs / Milli;
        return UInt128.Max(step.Rules.BidBond, worth * step.Rules.BidBondPpm / Ppm.One);
    }

    private static bool Fits(OpenAuction wanted, PostOffer terms) =>
        (wanted.Capability.Length == 0 || wanted.Capability == terms.Capability)
        && (wanted.Region.Length == 0 || wanted.Region == terms.Region)
        && terms.MemoryMiB >= wanted.MemoryMiB && terms.Rate >= wanted.MinRate;
}
