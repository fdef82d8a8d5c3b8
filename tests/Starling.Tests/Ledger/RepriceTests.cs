using Starling.Ledger.Applying;
using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>A standing offer changes its price without losing anything else.</summary>
public class RepriceTests
{
    [Fact]
    public void Leases_keep_their_price_and_new_ones_pay_the_new_one()
    {
        var net = new TestNetwork();
        var offer = net.PostOffer(Providers[0], price: 100_000, slots: 2);
        var first = net.OpenJob();
        net.Do(Providers[0], new RepriceOffer(offer, 300_000) { Minimum = 7 });
        var second = net.OpenJob();
        Assert.Equal(100_000ul, net.State.LeasesOf(first)[0].Price);
        var lease = net.State.LeasesOf(second)[0];
        Assert.Equal((300_000ul, 7ul, offer), (lease.Price, lease.Minimum, lease.Offer));
        Assert.Equal(2, net.State.Offers.Find(offer)!.Leased);
    }

    [Fact]
    public void It_is_ranked_at_its_new_price_only_once_it_has_stood_at_it()
    {
        var net = new TestNetwork();
        var (dear, cheap) = (net.PostOffer(Providers[0], price: 300_000), net.PostOffer(Providers[1], price: 200_000));
        net.Apply();
        net.Apply();
        var job = new JobId(net.Do(Owner, net.Order()).Hash);
        net.Apply();
        // One batch before the match: too late to undercut, and no reason to be passed over in the next.
        net.Do(Providers[0], new RepriceOffer(dear, 100_000));
        Assert.Equal(cheap, net.State.LeasesOf(job)[0].Offer);
        Assert.Equal(dear, net.State.LeasesOf(net.OpenJob())[0].Offer);
    }

    [Fact]
    public void Only_its_owner_reprices_an_offer_and_only_while_it_stands()
    {
        var net = new TestNetwork();
        var offer = net.PostOffer(Providers[0]);
        Assert.Equal(FailureCode.NotAllowed, net.Refused(Providers[1], new RepriceOffer(offer, 1)));
        Assert.Equal(FailureCode.UnknownOffer, net.Refused(Providers[1], new RepriceOffer(new(Content("none")), 1)));
        net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
        net.Do(Providers[0], new WithdrawOffer(offer));
        Assert.Equal(FailureCode.OfferOffBook, net.Refused(Providers[0], new RepriceOffer(offer, 1)));
    }
}
