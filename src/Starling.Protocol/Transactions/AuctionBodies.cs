using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>
/// Asks for sealed bids on a whole machine for <paramref name="DurationMs"/>, at no more than
/// <paramref name="MostPerSecond"/> micro-credits. Bids are committed, then shown, then the sender chooses one; each
/// phase has its time. An empty capability or region accepts any.
/// </summary>
public sealed record OpenAuction(
    string Capability, string Region, int MemoryMiB, ulong MinRate, ulong MostPerSecond, long DurationMs, long CommitMs,
    long RevealMs, long ChooseMs) : TransactionBody<OpenAuction>, IRecord<OpenAuction>
{
    private const long LongestMs = 366L * 24 * 3_600 * 1_000;
    private const ulong MostRate = 1_000_000_000_000;

    public static RecordType Type => RecordType.OpenAuction;

    public static OpenAuction Read(FieldReader f) => new(
        f.Text(1, Limits.Name), f.Text(2, Limits.Name), f.Int32(3), f.Unsigned(4), f.Unsigned(5, MostRate),
        f.Integer(6, 1, LongestMs), f.Integer(7, 1, LongestMs), f.Integer(8, 1, LongestMs), f.Integer(9, 1, LongestMs));

    public void Write(FieldWriter f)
    {
        f.Text(1, Capability);
        f.Text(2, Region);
        f.Integer(3, MemoryMiB);
        f.Unsigned(4, MinRate);
        f.Unsigned(5, MostPerSecond);
        f.Integer(6, DurationMs);
        f.Integer(7, CommitMs);
        f.Integer(8, RevealMs);
        f.Integer(9, ChooseMs);
    }
}

/// <summary>A sealed bid, with micro-credits that are lost if it is not shown.</summary>
public sealed record CommitBid(AuctionId Auction, Hash256 Commitment, ulong Bond)
    : TransactionBody<CommitBid>, IRecord<CommitBid>
{
    public static RecordType Type => RecordType.CommitBid;

    public static CommitBid Read(FieldReader f) => new(new AuctionId(f.Hash(1)), f.Hash(2), f.Unsigned(3));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Auction.Hash);
        f.Hash(2, Commitment);
        f.Unsigned(3, Bond);
    }
}

/// <summary>Opens a sealed bid: the offer whose machine it is, and its price per second in micro-credits.</summary>
public sealed record RevealBid(AuctionId Auction, OfferId Offer, ulong PerSecond, Hash256 Salt)
    : TransactionBody<RevealBid>, IRecord<RevealBid>
{
    public static RecordType Type => RecordType.RevealBid;

    public static RevealBid Read(FieldReader f) =>
        new(new AuctionId(f.Hash(1)), new OfferId(f.Hash(2)), f.Unsigned(3), f.Hash(4));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Auction.Hash);
        f.Hash(2, Offer.Hash);
        f.Unsigned(3, PerSecond);
        f.Hash(4, Salt);
    }
}

/// <summary>Whoever opened an auction takes one of the bids that were shown; its lease begins at the bid's price.</summary>
public sealed record ChooseBid(AuctionId Auction, NodeId Bidder) : TransactionBody<ChooseBid>, IRecord<ChooseBid>
{
    public static RecordType Type => RecordType.ChooseBid;

    public static ChooseBid Read(FieldReader f) => new(new AuctionId(f.Hash(1)), new NodeId(f.Hash(2)));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Auction.Hash);
        f.Hash(2, Bidder.Key);
    }
}
