using CsCheck;
using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

public class ChannelTests
{
    private static readonly TestKey s_payee = Providers[0];

    [Fact]
    public void A_voucher_pays_what_it_adds_and_the_rest_goes_back()
    {
        var (net, channel) = Opened(1_000);
        Redeem(net, channel, Owner, 0, 300);
        Redeem(net, channel, Owner, 0, 300);
        Redeem(net, channel, Owner, 0, 250);
        Assert.Equal(new Credits(Unit + 300), Credits(net, s_payee));
        net.Do(Owner, new TopUpChannel(channel, 500));
        Redeem(net, channel, Owner, 0, 2_000);
        Assert.Equal(new Credits(Unit + 1_500), Credits(net, s_payee));
        net.Do(s_payee, new CloseChannel(channel));
        Assert.Null(net.State.Channels.Find(channel));
        Assert.Equal(new Credits((1_000 * Unit) - 1_500), Credits(net, Owner));
    }

    [Fact]
    public void A_payer_closes_only_after_the_payee_had_time_to_redeem()
    {
        var (net, channel) = Opened(1_000);
        net.Do(Owner, new CloseChannel(channel));
        net.Pass(Rules.Local.ChannelCloseMs - 1);
        Redeem(net, channel, Owner, 0, 400);
        net.Pass(1);
        Assert.Equal(new Credits(600), Assert.Single(net.Events.OfType<ChannelClosed>()).Returned);
        Assert.Equal(new Credits(Unit + 400), Credits(net, s_payee));
    }

    [Fact]
    public void A_key_spends_at_most_its_cap_in_each_period_and_nothing_once_revoked()
    {
        var (net, channel) = Opened(10_000);
        net.Do(Owner, new SetChannelKey(channel, Gateway.Id, 100, 1_000));
        Redeem(net, channel, Gateway, 0, 250);
        Assert.Equal(new Credits(Unit + 100), Credits(net, s_payee));
        net.Pass(1_000);
        Redeem(net, channel, Gateway, 1, 70);
        Redeem(net, channel, Gateway, 0, 250);
        Assert.Equal(new Credits(Unit + 170), Credits(net, s_payee));
        net.Do(Owner, new SetChannelKey(channel, Gateway.Id, 120, 1_000));
        Redeem(net, channel, Gateway, 0, 250);
        Assert.Equal(new Credits(Unit + 190), Credits(net, s_payee));
        net.Do(Owner, new RevokeChannelKey(channel, Gateway.Id));
        var last = (ulong)((net.Now.Milliseconds - net.Genesis.Start.Milliseconds + Rules.Local.ChannelCloseMs) / 1_000);
        net.Pass(Rules.Local.ChannelCloseMs);
        Assert.Equal(FailureCode.VoucherExpired, net.Try(s_payee, net.Voucher(channel, Gateway, last, 50)));
    }

    [Fact]
    public void Any_order_and_any_repetition_of_vouchers_pays_the_same() => Gen.Select(
        Gen.Select(Gen.Int[0, 1], Gen.ULong[0, 3], Gen.ULong[0, 500]).Array[1, 12], Gen.Int[0, 1_000_000]).Sample((vouchers, seed) =>
    {
        var paid = new ulong[2];
        for (var round = 0; round < 2; round++)
        {
            var (net, channel) = Opened(3_000);
            net.Do(Owner, new SetChannelKey(channel, Gateway.Id, 200, 1_000));
            net.Pass(3_000);
            var order = round == 0 ? vouchers : [.. Shuffled(vouchers, seed), .. vouchers];
            foreach (var (key, period, amount) in order)
                net.Do(s_payee, net.Voucher(channel, key == 0 ? Owner : Gateway, key == 0 ? 0 : period, amount));
            paid[round] = (ulong)net.State.Channels.Find(channel)!.Redeemed.Micro;
        }

        var own = vouchers.Where(v => v.Item1 == 0).Select(v => v.Item3).DefaultIfEmpty(0UL).Max();
        var theirs = vouchers.Where(v => v.Item1 == 1).GroupBy(v => v.Item2)
            .Sum(g => (long)Math.Min(200, g.Max(v => v.Item3)));
        Assert.Equal(own + (ulong)theirs, paid[0]);
        Assert.Equal(paid[0], paid[1]);
    }, iter: 60);

    private static T[] Shuffled<T>(T[] items, int seed) => [.. items.OrderBy(_ => seed = unchecked((seed * 1_103_515_245) + 12_345))];

    private static (TestNetwork Net, ChannelId Channel) Opened(ulong deposit)
    {
        var net = new TestNetwork();
        return (net, new ChannelId(net.Do(Owner, new OpenChannel(s_payee.Id, deposit)).Hash));
    }

    private static void Redeem(TestNetwork net, ChannelId channel, TestKey key, ulong period, ulong micro) =>
        net.Do(s_payee, net.Voucher(channel, key, period, micro));

    private static Credits Credits(TestNetwork net, TestKey key) => net.State.Accounts.Find(key.Id)!.Credits;
}
