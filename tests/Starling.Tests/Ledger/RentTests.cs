using CsCheck;
using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Escrow by time and sealed bids. TestNetwork checks every account to the thousandth of a millionth.</summary>
public class RentTests
{
    private static readonly TestKey s_host = Providers[0];

    [Fact]
    public void Rent_stops_within_one_heartbeat_when_the_service_stops()
    {
        var net = new TestNetwork();
        var lease = net.Rent(s_host, Owner, 1_000, 10 * Unit);
        net.Serve(lease, s_host, Owner, 10);
        var before = Credits(net, s_host);
        net.Pass(3_600_000);
        var end = Assert.Single(net.Events.OfType<MachineLeaseEnded>());
        Assert.Equal((RentEnd.Silent, Party.Provider), (end.Reason, end.AtFault));
        Assert.Equal(before + new Credits(15_000), Credits(net, s_host));
        net.Do(Owner, new WithdrawRent((10 * Unit) - 15_000));
        Assert.Null(net.State.Rents.Find(Owner.Id));
    }

    [Fact]
    public void Leases_of_one_account_end_at_the_millisecond_at_which_the_money_does()
    {
        var net = new TestNetwork();
        var first = net.Rent(s_host, Owner, 700, 300_000);
        var second = net.Rent(Providers[1], Owner, 1_300, 1);
        var start = net.Now;
        // 300,001 at 2,000 a second last for 150,000 milliseconds, and half of a millionth is left over for the tenant.
        for (var i = 0; net.State.MachineLeases.Count > 0; i++)
        {
            net.Try(s_host, net.BeatOf(first, Owner, (ulong)i + 1));
            net.Try(Providers[1], net.BeatOf(second, Owner, (ulong)i + 1));
            net.Pass(777);
        }

        var ends = net.Events.OfType<MachineLeaseEnded>().ToArray();
        Assert.All(ends, e => Assert.Equal((RentEnd.Exhausted, start.After(150_000)), (e.Reason, e.At)));
        Assert.Equal(new Credits(Unit + 105_000), Credits(net, s_host));
        Assert.Equal(new Credits(Unit + 195_000), Credits(net, Providers[1]));
        Assert.Equal(1_000UL, net.State.Rents.Find(Owner.Id)!.Balance);
        Assert.Equal(start.After(150_000), Assert.Single(net.Events.OfType<RentLow>()).Lasts);
    }

    [Fact]
    public void A_provider_that_ends_without_notice_loses_the_stake_behind_the_lease_to_its_tenant()
    {
        var net = new TestNetwork();
        var lease = net.Rent(s_host, Owner, 1_000, 10 * Unit);
        Assert.Equal(new Tokens(60_000), net.State.MachineLeases.Find(lease)!.Bond);
        net.Pass(1_500);
        net.Do(s_host, new EndMachineLease(lease));
        Assert.Equal(new Credits(Unit + 1_500), Credits(net, s_host));
        Assert.Equal(new Tokens((10 * Unit) + 60_000), net.State.Accounts.Find(Owner.Id)!.Tokens);
        Assert.Contains(net.Events, e => e is MachineLeaseEnded { Reason: RentEnd.ByProvider, AtFault: Party.Provider });
    }

    [Fact]
    public void A_provider_that_gives_notice_has_its_machine_back_in_time_and_loses_nothing()
    {
        var net = new TestNetwork();
        var lease = net.Rent(s_host, Owner, 1_000, 10 * Unit);
        net.Do(s_host, new GiveNotice(lease));
        net.Serve(lease, s_host, Owner, 59);
        net.Pass(10_000);
        var end = Assert.Single(net.Events.OfType<MachineLeaseEnded>());
        Assert.Equal((RentEnd.Notice, Party.Nobody), (end.Reason, end.AtFault));
        Assert.Equal(new Tokens(1_000 * Unit), net.State.Stakes.Find(s_host.Id)!.Free);
        Assert.Equal(new Credits(Unit + 60_000), Credits(net, s_host));
    }

    [Fact]
    public void A_tenant_may_leave_at_any_time_and_a_lease_ends_as_agreed()
    {
        var net = new TestNetwork();
        var left = net.Rent(s_host, Owner, 999, 10 * Unit);
        var agreed = net.Rent(Providers[1], Owner, 1_001, 1, forMs: 4_321);
        net.Pass(1_001);
        net.Do(Owner, new EndMachineLease(left));
        net.Pass(10_000);
        Assert.Equal([RentEnd.ByTenant, RentEnd.Agreed], net.Events.OfType<MachineLeaseEnded>().Select(e => e.Reason));
        Assert.Equal(new Credits(Unit + 999), Credits(net, s_host));
        Assert.Equal(new Credits(Unit + 4_325), Credits(net, Providers[1]));
        Assert.Null(net.State.MachineLeases.Find(agreed));
    }

    [Fact]
    public void Claims_and_top_ups_at_any_time_change_nothing_in_the_end() => Gen.Select(
        Gen.ULong[1, 5_000], Gen.ULong[1, 5_000], Gen.Select(Gen.Int[0, 4], Gen.Int[1, 4_999]).Array[1, 25]).Sample((a, b, acts) =>
    {
        var net = new TestNetwork();
        var first = net.Rent(s_host, Owner, a, 2 * Unit);
        var second = net.Rent(Providers[1], Owner, b, 1);
        var start = net.Now;
        ulong funded = (2 * Unit) + 1;
        foreach (var (act, wait) in acts)
        {
            net.Pass(wait);
            if (act == 3)
                net.Do(s_host, new ClaimRent(first));
            if (act == 4)
                net.Do(Owner, new FundRent(funded % 7 + 1));
            funded += act == 4 ? (funded % 7) + 1 : 0;
            net.Beat(first, s_host, Owner, net.State.MachineLeases.Find(first)!.Beats + 1);
            net.Beat(second, Providers[1], Owner, net.State.MachineLeases.Find(second)!.Beats + 1);
        }

        var served = (ulong)(net.Now.Milliseconds - start.Milliseconds);
        net.Do(Owner, new EndMachineLease(first));
        net.Do(Owner, new EndMachineLease(second));
        Assert.Equal(new Credits(Unit + (a * served / 1_000)), Credits(net, s_host));
        // The second began one batch later than the first, at the same time.
        Assert.Equal(new Credits(Unit + (b * served / 1_000)), Credits(net, Providers[1]));
    }, iter: 30);

    [Fact]
    public void The_tenant_chooses_among_sealed_bids_and_hidden_ones_pay()
    {
        var net = new TestNetwork();
        net.Do(Owner, new FundRent(10 * Unit));
        var auction = net.OpenAuction();
        var offers = Providers[..3].Select(p => net.OfferMachine(p, 5_000)).ToArray();
        for (var i = 0; i < 3; i++)
            net.Bid(auction, Providers[i], offers[i], 900 - (ulong)(i * 10));
        net.Pass(10_000);
        net.Do(Providers[0], new RevealBid(auction, offers[0], 900, TestRoles.Salt));
        net.Do(Providers[1], new RevealBid(auction, offers[1], 890, TestRoles.Salt));
        net.Pass(10_000);
        net.Do(Owner, new ChooseBid(auction, Providers[1].Id));
        Assert.Equal(890UL, Assert.Single(net.State.MachineLeases.InOrder()).PerSecond);
        Assert.Equal(new Credits(Unit), Credits(net, Providers[0]));
        Assert.Equal(new Credits(Unit / 2), Credits(net, Providers[2]));
        Assert.Equal(new Credits((1_000 * Unit) - (10 * Unit) + (Unit / 4)), Credits(net, Owner));
        Assert.Equal(new Credits(Unit / 4), net.State.Network.CreditsBurned);
    }

    [Fact]
    public void Whoever_asks_and_chooses_none_pays_those_that_showed_their_bids()
    {
        var net = new TestNetwork();
        var auction = net.OpenAuction();
        var offer = net.OfferMachine(s_host, 5_000);
        net.Bid(auction, s_host, offer, 900);
        net.Pass(10_000);
        net.Do(s_host, new RevealBid(auction, offer, 900, TestRoles.Salt));
        net.Pass(20_000);
        Assert.Null(net.State.Auctions.Find(auction));
        Assert.Equal(new Credits(Unit + (Unit / 2)), Credits(net, s_host));
        Assert.Equal(new Credits((1_000 * Unit) - (Unit / 2)), Credits(net, Owner));
    }

    [Fact]
    public void A_full_auction_makes_room_for_twice_the_least_bond()
    {
        var net = new TestNetwork();
        var auction = net.OpenAuction();
        net.FillAuction(auction);
        net.Do(s_host, new CommitBid(auction, Content("c"), Unit));
        Assert.Equal(32, net.State.Auctions.Find(auction)!.Bids.Length);
        Assert.Equal(new Credits(Unit), net.State.Accounts.Find(Assert.Single(net.Events.OfType<BidEvicted>()).Bidder)!.Credits);
    }

    [Fact]
    public void Low_escrow_is_told_once_where_it_crosses_the_mark()
    {
        var net = new TestNetwork(Quick with { TasksPerLease = 8 });
        net.PostOffer(s_host);
        var job = net.OpenJob(net.Order(escrow: 400_000, verification: Verification.None));
        for (var i = 0; i < 4; i++)
            net.Issue(job, TestRoles.Task($"{i}", s_host));
        Assert.Equal(Starling.Protocol.Money.Amount<Starling.Protocol.Money.Credit>.Zero, Assert.Single(net.Events.OfType<EscrowLow>()).Left);
    }

    private static Credits Credits(TestNetwork net, TestKey key) => net.State.Accounts.Find(key.Id)!.Credits;
}
