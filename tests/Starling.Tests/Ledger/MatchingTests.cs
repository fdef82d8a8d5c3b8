using CsCheck;
using Starling.Ledger.Applying;
using Starling.Ledger.Events;
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

    private static readonly TestKey[] s_sellers = [.. Enumerable.Range(0, 6).Select(i => new TestKey($"seller {i}"))];

    private static readonly string[] s_regions = ["eu", "us", "as"];

    private static readonly Gen<(int Provider, int Slots, ulong Price, int Region, int Size)[]> s_richOffers = Gen.Select(
        Gen.Int[0, 5], Gen.Int[1, 3], Gen.ULong[1, 6], Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 20];

    private static readonly Gen<(int Leases, ulong Price, int Near, int Size)[]> s_richOrders = Gen.Select(
        Gen.Int[1, 4], Gen.ULong[1, 6], Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 12];

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
    public void Every_lease_is_the_cheapest_that_fits_when_its_turn_comes() =>
        Gen.Select(s_richOffers, s_richOrders).Sample((offers, orders) =>
        {
            var net = new TestNetwork(QuickLab);
            var now = net.Now.After(3_600_000);
            net.Apply([.. offers.Select(o => net.Sign(s_sellers[o.Provider], new PostOffer(
                "cpu", s_regions[o.Region], o.Slots, 1024 << o.Size, o.Price, now)
            {
                Rate = (ulong)o.Size,
                Attributes = o.Size > 0 ? ["avx2"] : [],
            }))]);
            net.Apply([.. orders.Select(o => net.Sign(Owner, net.Order(o.Leases, o.Price, escrow: 1) with
            {
                Region = o.Near == 1 ? "eu" : "",
                DataRegion = o.Near == 2 ? "us" : "",
                DataBytes = 2UL << 30,
                WorkLimit = 10_000_000_000_000,
                MemoryMiB = 1024 << o.Size,
                MinRate = (ulong)o.Size / 2,
                Attributes = o.Size > 1 ? ["avx2"] : [],
            }))]);
            var before = net.Events.Count;
            net.Settle();
            IsGreedy(net, [.. net.Events.Skip(before).OfType<MatchedLease>()]);
        }, iter: 300);

    [Fact]
    public void Missed_deadlines_make_a_provider_dearer_but_not_its_lease()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0], price: 100_000);
        var first = net.OpenJob();
        net.Issue(first, TestRoles.Task("a", Providers[0]));
        net.Pass(21_001);
        net.Do(Owner, new CancelJob(first));
        net.PostOffer(Providers[1], price: 104_000);
        net.Pass(20_000);
        var second = net.OpenJob(net.Order(leases: 2, maxPrice: 105_000));
        Assert.Equal([104_000UL, 100_000UL], net.State.LeasesOf(second).OrderBy(l => l.Number).Select(l => l.Price));
        var third = net.OpenJob(net.Order(maxPrice: 104_999));
        Assert.Contains(Fitting.Explain(net.State, third), f => f.Offer.Provider == Providers[0].Id && f.Reason == MatchReason.Unreliable);
    }

    [Fact]
    public void A_task_pays_its_leases_minimum()
    {
        var net = new TestNetwork();
        net.Do(Providers[0], new PostOffer("cpu", "eu", 1, 1024, 1, net.Now.After(3_600_000)) { Minimum = 5_000 });
        var task = net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
        Assert.Equal(new Credits(5_000), net.Attempt(task).Pay);
    }

    [Fact]
    public void The_lottery_s_logarithm_is_that_of_mathematics() => Gen.ULong.Sample(x =>
        Math.Abs((Lottery.MinusLog2(x) / 4294967296.0) - (64 - Math.Log2(x + 1.0))) < 1e-8);

    [Fact]
    public void The_index_moves_by_at_most_a_twentieth_per_window_and_forgets()
    {
        var net = new TestNetwork(QuickLab);
        var index = new PriceIndex(windowMs: 1_000);
        void Lease(ulong price)
        {
            net.Do(Providers[0], new PostOffer("cpu", "eu", 1, 1024, price, net.Now.After(100)));
            var before = net.Events.Count;
            net.OpenJob();
            index.Observe(net.State, [.. net.Events.Skip(before)]);
        }

        Assert.Null(index.Find("cpu", net.Now));
        Lease(1_000);
        Assert.Equal(1_000UL, index.Find("cpu", net.Now));
        net.Pass(1_000);
        Assert.Equal(1_000UL, index.Find("cpu", net.Now));
        Lease(2_000);
        Lease(2_000);
        net.Pass(1_000);
        Assert.Equal(1_050UL, index.Find("cpu", net.Now));
        net.Pass(60_000);
        Assert.Null(index.Find("cpu", net.Now));
    }

    [Fact]
    public void Matching_is_deterministic() =>
        Gen.Select(s_offers, s_orders).Sample(
            (offers, orders) => Market(offers, orders).State.Root == Market(offers, orders).State.Root, iter: 20);

    [Fact]
    public void Ties_go_by_stake_and_not_by_the_number_of_offers()
    {
        var net = new TestNetwork(QuickLab);
        net.Do(Providers[0], new Unbond(900 * Unit));
        for (var k = 0; k < 5; k++)
            net.PostOffer(Providers[0], slots: 100);
        net.PostOffer(Providers[1], slots: 1_000);
        var job = net.OpenJob(net.Order(leases: 300));
        var wins = net.State.LeasesOf(job).Count(l => l.Provider == Providers[0].Id);

        // Stakes are 100 to 1,000, so the first should win about 27 of 300.
        Assert.InRange(wins, 10, 55);
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

    /// <summary>Replays the leases of a batch in order: none was dearer, with all that ranks, than another that fitted.</summary>
    private static void IsGreedy(TestNetwork net, MatchedLease[] leases)
    {
        var left = net.State.Offers.InOrder().ToDictionary(o => o.Id, o => o.Terms.Slots);
        foreach (var lease in leases)
        {
            var order = net.State.Jobs.Find(lease.Job)!.Order;
            ulong Rank(OfferRecord o) =>
                o.Terms.Price + (o.Terms.Region == order.DataRegion ? 0 : Pricing.Move(net.State.Rules, order));
            bool Takes(OfferRecord o) => left[o.Id] > 0 && o.Terms.Price <= order.MaxPrice
                && (order.Region.Length == 0 || order.Region == o.Terms.Region) && o.Terms.MemoryMiB >= order.MemoryMiB
                && o.Terms.Rate >= order.MinRate && order.Attributes.All(o.Terms.Attributes.Contains);
            var taken = net.State.Offers.Find(lease.Offer)!;
            Assert.True(Takes(taken));
            Assert.Equal(net.State.Offers.InOrder().Where(Takes).Min(Rank), Rank(taken));
            left[taken.Id]--;
        }

        var numbers = leases.Select(l => net.State.Jobs.Find(l.Job)!.Number).ToArray();
        Assert.Equal(numbers.Order(), numbers);
    }

    private static TestNetwork Market((int Provider, int Slots, ulong Price)[] offers, (int Leases, ulong MaxPrice)[] orders)
    {
        var net = new TestNetwork(TestNetwork.QuickLab);
        for (var i = 0; i < Math.Max(offers.Length, orders.Length); i++)
        {
            if (i < offers.Length)
                net.PostOffer(s_sellers[offers[i].Provider], offers[i].Price, offers[i].Slots);
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
