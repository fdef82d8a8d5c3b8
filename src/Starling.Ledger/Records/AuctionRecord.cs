using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Records;

/// <summary>One bid of an auction; its offer is null until it is shown.</summary>
public sealed record SealedBid(NodeId Bidder, Hash256 Commitment, Credits Bond, OfferId? Offer, ulong PerSecond)
    : IRecord<SealedBid>
{
    public static RecordType Type => RecordType.SealedBid;

    public static SealedBid Read(FieldReader f) => new(
        new NodeId(f.Hash(1)), f.Hash(2), f.Credits(3), f.OptionalHash(4) is { } offer ? new OfferId(offer) : null,
        f.Unsigned(5));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Bidder.Key);
        f.Hash(2, Commitment);
        f.Amount(3, Bond);
        f.OptionalHash(4, Offer?.Hash);
        f.Unsigned(5, PerSecond);
    }
}

/// <summary>An open auction of a machine lease.</summary>
/// <param name="Id">The auction.</param>
/// <param name="Owner">Who asks, and will be the tenant.</param>
/// <param name="Terms">As opened.</param>
/// <param name="Opened">From when its phases count.</param>
/// <param name="Deposit">Lost to the bidders when none of them is chosen.</param>
/// <param name="Bids">In order of commitment.</param>
public sealed record AuctionRecord(
    AuctionId Id, NodeId Owner, OpenAuction Terms, Timestamp Opened, Credits Deposit, SealedBid[] Bids)
    : IRecord<AuctionRecord>
{
    public const int MaxBids = 32;

    public static RecordType Type => RecordType.Auction;

    public Timestamp CommitUntil => Opened.After(Terms.CommitMs);

    public Timestamp RevealUntil => CommitUntil.After(Terms.RevealMs);

    public Timestamp ChooseUntil => RevealUntil.After(Terms.ChooseMs);

    public static AuctionRecord Read(FieldReader f) => new(
        new AuctionId(f.Hash(1)), new NodeId(f.Hash(2)), f.Nested<OpenAuction>(3), f.Time(4), f.Credits(5),
        f.Records<SealedBid>(6, MaxBids));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Hash);
        f.Hash(2, Owner.Key);
        f.Record(3, Terms);
        f.Time(4, Opened);
        f.Amount(5, Deposit);
        f.Records(6, Bids);
    }

    public int IndexOf(NodeId bidder) => Array.FindIndex(Bids, b => b.Bidder == bidder);
}
