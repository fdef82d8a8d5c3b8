using System.Numerics;
using CsCheck;
using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Fees, sponsors, small balances and closed accounts.</summary>
public class MoneyTests
{
    [Fact]
    public void The_price_of_weight_rises_and_falls_by_at_most_an_eighth_within_its_bounds() =>
        Gen.Select(Gen.ULong[1, 1_000_000], Gen.ULong[0, 20_000]).Sample((price, weight) =>
        {
            var rules = Rules.Public with { Fee = 10, FeeCeiling = 900_000, TargetWeight = 5_000 };
            var next = Fees.Next(rules, price, weight);
            var (above, below) = ((BigInteger)Math.Max(weight, 5_000) - 5_000, (BigInteger)Math.Max(5_000UL, weight) - weight);
            var plain = above > 0
                ? price + BigInteger.Max(1, price * above / 5_000 / 8)
                : price - (price * below / 5_000 / 8);
            Assert.Equal(BigInteger.Clamp(plain, 10, 900_000), next);
        });

    [Fact]
    public void A_busy_batch_makes_the_next_dearer_and_an_idle_one_cheaper()
    {
        var net = new TestNetwork(Quick with { Fee = 100, FeeCeiling = 1_000, TargetWeight = 1 });
        net.Apply(net.Sign(Owner, new Bond(1)), net.Sign(Owner, new Bond(1)), net.Sign(Owner, new Bond(1)));
        Assert.Equal(125UL, net.State.Network.Price);
        Assert.Equal(new Credits(300), net.State.Network.CreditsBurned);
        net.Apply();
        Assert.Equal(110UL, net.State.Network.Price);
        net.Apply();
        Assert.Equal(100UL, net.State.Network.Price);
    }

    [Fact]
    public void A_sponsor_pays_the_fee_of_a_customer_that_holds_nothing()
    {
        var net = new TestNetwork(Quick with { Fee = 100, FeeCeiling = 100 });
        var customer = new TestKey("customer");
        net.Do(Owner, new Transfer(customer.Id, AssetKind.Token, 2_000));
        var before = net.State.Accounts.Find(Sponsor.Id)!.Credits;
        net.Do(customer, new Bond(1_000));
        Assert.Equal(Credits.Zero, net.State.Accounts.Find(customer.Id)!.Credits);
        Assert.Equal(before - new Credits(100), net.State.Accounts.Find(Sponsor.Id)!.Credits);
    }

    [Fact]
    public void A_closed_account_is_forgotten_once_nothing_it_signed_is_valid_any_more()
    {
        var net = new TestNetwork();
        var key = new TestKey("passing");
        net.Do(Owner, new Transfer(key.Id, AssetKind.Credit, 5_000));
        net.Do(Owner, new Transfer(key.Id, AssetKind.Token, 5_000));
        var old = net.Sign(key, new Transfer(Owner.Id, AssetKind.Credit, 4_000));
        net.Apply(old);
        net.Do(key, new CloseAccount(Gateway.Id));
        Assert.Contains(net.Events, e => e is AccountClosed c && c.Who == key.Id && c.Credits == new Credits(1_000));
        Assert.Equal(2UL, net.State.Accounts.Find(key.Id)!.Nonce);
        Assert.Equal(FailureCode.NonceUsed, net.Machine.Propose(net.State, [old], net.Now, net.NextBeacon).Dropped[0].Code);
        net.Pass(Rules.Local.LongestValidMs + 1);
        Assert.Null(net.State.Accounts.Find(key.Id));
        Assert.Equal(FailureCode.Expired, net.Machine.Propose(net.State, [old], net.Now, net.NextBeacon).Dropped[0].Code);
    }

    [Fact]
    public void A_closed_account_that_is_used_or_paid_again_stays()
    {
        var net = new TestNetwork();
        foreach (var name in new[] { "used", "paid" })
        {
            net.Do(Owner, new Transfer(new TestKey(name).Id, AssetKind.Credit, 5_000));
            net.Do(new TestKey(name), new CloseAccount(Gateway.Id));
        }

        net.Try(new TestKey("used"), new Bond(1));
        net.Do(Owner, new Transfer(IdOf("paid"), AssetKind.Credit, 5_000));
        net.Pass(Rules.Local.LongestValidMs + 1);
        Assert.Equal(2UL, net.State.Accounts.Find(IdOf("used"))!.Nonce);
        Assert.Equal((1UL, null), (net.State.Accounts.Find(IdOf("paid"))!.Nonce, net.State.Accounts.Find(IdOf("paid"))!.Forget));
    }
}
