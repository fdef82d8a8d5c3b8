using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>What tenants, hosts, bidders and payers do, each in one line.</summary>
internal static class RentRoles
{
    public static OfferId OfferMachine(this TestNetwork net, TestKey host, ulong perSecond) => new(net.Do(
        host, new PostOffer("cpu", "eu", 1, 1024, 1, net.Now.After(36_000_000)) { SecondPrice = perSecond }).Hash);

    public static MachineLeaseId Rent(
        this TestNetwork net, TestKey host, TestKey tenant, ulong perSecond, ulong fund, long forMs = 3_600_000)
    {
        var offer = net.OfferMachine(host, perSecond);
        net.Do(tenant, new FundRent(fund));
        return new(net.Do(tenant, new RentMachine(offer, perSecond, net.Now.After(forMs))).Hash);
    }

    public static Heartbeat BeatOf(this TestNetwork net, MachineLeaseId lease, TestKey tenant, ulong number) =>
        new(lease, number, tenant.Sign(Heartbeat.Message(net.State.Chain, lease, number).ToArray()));

    public static void Beat(this TestNetwork net, MachineLeaseId lease, TestKey host, TestKey tenant, ulong number) =>
        net.Do(host, net.BeatOf(lease, tenant, number));

    /// <summary>Beats every second for so long.</summary>
    public static void Serve(this TestNetwork net, MachineLeaseId lease, TestKey host, TestKey tenant, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            net.Pass(1_000);
            net.Beat(lease, host, tenant, net.State.MachineLeases.Find(lease)!.Beats + 1);
        }
    }

    /// <summary>Ten seconds for each phase, at most 1,000 a second for an hour.</summary>
    public static AuctionId OpenAuction(this TestNetwork net) => new(net.Do(
        Owner, new OpenAuction("cpu", "eu", 512, 0, 1_000, 3_600_000, 10_000, 10_000, 10_000)).Hash);

    public static void Bid(this TestNetwork net, AuctionId auction, TestKey bidder, OfferId offer, ulong perSecond) =>
        net.Do(bidder, new CommitBid(auction, Derived.BidCommitment(
            net.State.Chain, auction, bidder.Id, offer, perSecond, TestRoles.Salt), Unit / 2));

    public static void FillAuction(this TestNetwork net, AuctionId auction)
    {
        TestKey[] crowd = [.. Enumerable.Range(0, 32).Select(i => new TestKey($"bidder {i}"))];
        foreach (var key in crowd)
            net.Do(Owner, new Transfer(key.Id, AssetKind.Credit, Unit));
        net.Apply([.. crowd.Select(k => net.Sign(k, new CommitBid(auction, Content("c"), Unit / 2)))]);
        Assert.Equal(32, net.State.Auctions.Find(auction)!.Bids.Length);
    }

    public static RedeemVoucher Voucher(
        this TestNetwork net, ChannelId channel, TestKey key, ulong period, ulong micro) => new(
            channel, key.Id, period, micro,
            key.Sign(RedeemVoucher.Message(net.State.Chain, channel, key.Id, period, micro).ToArray()));
}
