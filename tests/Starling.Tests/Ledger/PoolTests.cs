using System.Numerics;
using CsCheck;
using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Stake that others put behind a key. TestNetwork checks shares and rewards to the last fraction after every batch.</summary>
public class PoolTests
{
    [Fact]
    public void Members_share_pay_by_stake_and_take_back_what_they_gave()
    {
        var net = new TestNetwork();
        net.Do(Providers[0], new SetPool(100_000));
        net.Do(Owner, new DelegateStake(Providers[0].Id, 10 * Unit));
        net.Do(Gateway, new DelegateStake(Providers[0].Id, 5 * Unit));
        Finish(net, Providers[0]);
        // Of 100,000 the delegated 15 of 1,015 tokens earn 1,477, less a tenth.
        var pool = net.State.Pools.Find(Providers[0].Id)!;
        Assert.Equal(new Credits(1_329), pool.Rewards);
        Assert.Equal(new Credits(Unit + 100_000 - 1_329), net.State.Accounts.Find(Providers[0].Id)!.Credits);
        var before = net.State.Accounts.Find(Gateway.Id)!.Credits;
        // A third, and the fraction of a millionth that is left stays hers for the next time.
        net.Do(Gateway, new ClaimRewards(Providers[0].Id));
        Assert.Equal(before + new Credits(442), net.State.Accounts.Find(Gateway.Id)!.Credits);
        net.Do(Gateway, new UndelegateStake(Providers[0].Id, 5 * Unit));
        Assert.Equal(new Tokens(5 * Unit), net.State.Accounts.Find(Gateway.Id)!.Tokens);
        net.Pass(Rules.Local.UnbondingMs);
        Assert.Equal(new Tokens(10 * Unit), net.State.Accounts.Find(Gateway.Id)!.Tokens);
        Assert.Null(net.State.Delegations.Find(DelegationId.Of(Providers[0].Id, Gateway.Id)));
    }

    [Fact]
    public void A_conviction_lowers_the_price_of_a_share_also_for_those_on_their_way_out()
    {
        var net = Convicted(TestNetwork.Quick with { PoolSlashPpm = 100_000, UnbondingMs = 600_000 }, Providers[0], leave: true);
        var pool = net.State.Pools.Find(Providers[0].Id)!;
        Assert.Equal((4 * Unit, new Tokens(3_600_000)), (pool.Shares, pool.Tokens));
        Assert.Equal((2 * Unit, new Tokens(1_800_000)), (pool.LeavingShares, pool.Leaving));
        net.Pass(600_000);
        // The owner of the job is also the victim, and has a tenth of the task bond.
        Assert.Equal(new Tokens((4 * Unit) + 1_800_000 + 10_000), net.State.Accounts.Find(Owner.Id)!.Tokens);
    }

    [Fact]
    public void Stake_of_others_never_stands_behind_a_task_of_its_own_but_weighs()
    {
        var net = new TestNetwork();
        net.Do(Providers[0], new SetPool(0));
        net.Do(Owner, new DelegateStake(Providers[0].Id, 10 * Unit));
        Assert.Equal(new Tokens(1_000 * Unit), net.State.Stakes.Find(Providers[0].Id)!.Free);
    }

    [Fact]
    public void Deposits_exits_and_slashes_in_any_order_never_make_a_share_worth_more_than_a_token() =>
        Gen.Select(Gen.Int[0, 2], Gen.ULong[1, 1UL << 50]).Array[1, 60].Sample(steps =>
        {
            BigInteger tokens = 0, shares = 0;
            foreach (var (kind, amount) in steps)
            {
                var (pot, all) = (new Tokens((UInt128)tokens), (ulong)shares);
                if (kind == 0 && tokens + amount < (BigInteger)1 << 50)
                {
                    if (Shares.ForDeposit(new Tokens(amount), pot, all) is not { } got)
                        continue;
                    Assert.Equal(all == 0 ? amount : shares * amount / tokens, got);
                    (tokens, shares) = (tokens + amount, shares + got);
                }
                else if (kind == 1 && all > 0)
                {
                    var some = 1 + (amount % all);
                    var worth = Shares.Value(some, pot, all);
                    Assert.Equal(tokens * some / shares, (BigInteger)worth.Micro);
                    (tokens, shares) = (tokens - (BigInteger)worth.Micro, shares - some);
                }
                else if (kind == 2)
                {
                    tokens -= tokens * (amount % 1_000_001) / 1_000_000;
                }

                Assert.True(tokens <= shares, $"{tokens} tokens of {shares} shares");
            }
        });

    /// <summary>A network where one provider, with stake of others behind it, was convicted.</summary>
    internal static TestNetwork Convicted(Rules rules, TestKey liar, bool leave = false)
    {
        var net = new TestNetwork(rules);
        net.Enrol(Auditors);
        net.Do(liar, new SetPool(0));
        net.Do(Owner, new DelegateStake(liar.Id, 6 * Unit));
        net.PostOffer(liar);
        var task = net.Issue(net.OpenJob(), TestRoles.Task("a", liar));
        net.Deliver(liar, task, lie: true);
        if (leave)
            net.Do(Owner, new UndelegateStake(liar.Id, 2 * Unit));
        net.Audit(Auditors);
        net.Pass(30_000);
        Assert.Contains(net.Events, e => e is PoolSlashed);
        return net;
    }

    private static void Finish(TestNetwork net, TestKey worker)
    {
        net.PostOffer(worker);
        var task = net.Issue(net.OpenJob(), TestRoles.Task("a", worker));
        net.Deliver(worker, task);
        net.Pass(10_000);
        Assert.Equal(AttemptStatus.Final, net.Attempt(task).Status);
    }
}
