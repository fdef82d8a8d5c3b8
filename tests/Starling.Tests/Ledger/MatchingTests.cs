using CsCheck;
using Starling.Ledger.Applying;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

public class MatchingTests
{
    private static readonly Gen<(int Provider, int Slots, ulong Price)[]> s_offers = Gen.Select(
        Gen.Int[0, 5], Gen.Int[1, 3], Gen.ULong[1, 4]).Array[1, 10];

    private static readonly Gen<(int Leases, ulong MaxPrice)[]> s_orders = Gen.Select(
        Gen.Int[1, 4], Gen.ULong[1, 4]).Array[1, 8];

    [Fact]
    public void Capacity_is_never_oversold_and_no_order_passes_over_a_cheaper_free_slot() =>
        Gen.Select(s_offers, s_orders).Sample((offers, orders) =>
        {
            var net = Market(offers, orders);
            foreach (var job in net.State.Jobs.InOrder())
            {
                var leases = net.State.LeasesOf(job.Id);
                Assert.True(leases.Count <= job.Order.Leases);
                Assert.All(leases, l => Assert.True(l.Price <= job.Order.MaxPrice));
                if (leases.Count < job.Order.Leases)
                    Assert.DoesNotContain(net.State.Offers.InOrder(), o => Fits(o, job));
            }

            CheaperFirst(net);
        }, iter: 200);

    [Fact]
    public void Matching_is_deterministic() =>
        Gen.Select(s_offers, s_orders).Sample(
            (offers, orders) => Market(offers, orders).State.Root == Market(offers, orders).State.Root, iter: 20);

    [Fact]
    public void Ties_go_by_stake_and_not_by_the_number_of_offers()
    {
        var wins = new int[2];
        for (var i = 0; i < 300; i++)
        {
            var net = new TestNetwork(Rules.Lab);
            net.Do(Providers[0], new Unbond(900 * Unit));
            for (var k = 0; k < 5; k++)
                net.PostOffer(Providers[0]);
            net.PostOffer(Providers[1]);
            var job = net.OpenJob(net.Order() with { Spec = Content($"job {i}") });
            wins[net.State.LeasesOf(job)[0].Provider == Providers[0].Id ? 0 : 1]++;
        }

        // Stakes are 100 to 1,000, so the first should win about 27 of 300.
        Assert.InRange(wins[0], 10, 55);
    }

    [Fact]
    public void A_filter_that_an_offer_fails_is_named()
    {
        var net = new TestNetwork();
        var fits = net.PostOffer(Providers[0]);
        var dear = net.PostOffer(Providers[1], price: 2_000_000);
        var small = net.PostOffer(Providers[2], memory: 100);
        var far = net.PostOffer(Providers[3], region: "us");
        var job = net.OpenJob(net.Order(leases: 3) with { Region = "eu" });
        var explained = Fitting.Explain(net.State, job).ToDictionary(f => f.Offer.Id, f => (f.Leases, f.Reason));
        Assert.Equal((1, MatchReason.NoFreeSlot), explained[fits]);
        Assert.Equal((0, MatchReason.TooDear), explained[dear]);
        Assert.Equal((0, MatchReason.Memory), explained[small]);
        Assert.Equal((0, MatchReason.Region), explained[far]);
    }

    [Fact]
    public void An_offer_matches_two_batches_after_it_was_posted()
    {
        var net = new TestNetwork();
        var job = net.OpenJob();
        net.PostOffer(Providers[0]);
        Assert.Equal(MatchReason.NotYet, Assert.Single(Fitting.Explain(net.State, job)).Reason);
        net.Apply();
        Assert.Empty(net.State.LeasesOf(job));
        net.Apply();
        Assert.Single(net.State.LeasesOf(job));
    }

    [Fact]
    public void A_withdrawn_offer_keeps_its_lease_until_the_task_is_committed()
    {
        var net = new TestNetwork();
        var offer = net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("a", Providers[0]));
        net.Do(Providers[0], new WithdrawOffer(offer));
        Assert.Single(net.State.LeasesOf(job));
        Assert.Equal(FailureCode.NoLease, net.Try(Gateway, new IssueTasks(job, [TestRoles.Task("b", Providers[0])])));
        net.Deliver(Providers[0], task);
        Assert.Empty(net.State.LeasesOf(job));
        Assert.Null(net.State.Offers.Find(offer));
    }

    private static TestNetwork Market((int Provider, int Slots, ulong Price)[] offers, (int Leases, ulong MaxPrice)[] orders)
    {
        var net = new TestNetwork(Rules.Lab);
        for (var i = 0; i < Math.Max(offers.Length, orders.Length); i++)
        {
            if (i < offers.Length)
                net.PostOffer(new TestKey($"seller {offers[i].Provider}"), offers[i].Price, offers[i].Slots);
            if (i < orders.Length)
                net.Do(Owner, net.Order(orders[i].Leases, orders[i].MaxPrice, escrow: 1));
        }

        net.Settle();
        return net;
    }

    private static bool Fits(OfferRecord offer, JobRecord job) =>
        offer.FreeSlots > 0 && offer.Terms.Price <= job.Order.MaxPrice;

    /// <summary>Of two leases matched in one batch, the earlier order's is not dearer, as far as it could pay.</summary>
    private static void CheaperFirst(TestNetwork net)
    {
        var jobs = net.State.Jobs.InOrder().ToDictionary(j => j.Id);
        foreach (var batch in net.State.Leases.InOrder().GroupBy(l => l.Since))
        {
            foreach (var (a, b) in batch.SelectMany(a => batch.Select(b => (a, b))))
            {
                var earlier = jobs[a.Job].Number < jobs[b.Job].Number || (a.Job == b.Job && a.Number < b.Number);
                Assert.True(!earlier || a.Price <= b.Price, $"lease at {a.Price} before one at {b.Price}");
            }
        }
    }
}
