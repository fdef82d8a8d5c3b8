using CsCheck;
using Starling.Node.Messages;
using Starling.Node.Roles.Providing;
using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Node;

/// <summary>A provider's price finds the utilisation that it aims at and never falls under its floor.</summary>
public sealed class PricePolicyTests
{
    private static readonly PricePolicy s_policy = new(
        Floor: 1_000, Ceiling: 1_000_000, TargetPpm: 800_000, StepPpm: 100_000, EveryMs: 1_000);

    [Theory]
    [InlineData(1_000)]
    [InlineData(50_000)]
    [InlineData(1_000_000)]
    public void ItConvergesToWhereTheTargetIsMet(ulong price)
    {
        // The dearer, the fewer want a slot: nobody at a million, everybody for nothing.
        static uint Used(ulong price) => 1_000_000 - (uint)Math.Min(price, 1_000_000ul);
        for (var i = 0; i < 300; i++)
            price = s_policy.Next(price, Used(price));
        Assert.InRange(price, 195_000ul, 205_000ul);
    }

    [Fact]
    public void ItNeverLeavesItsBoundsAndNeverMovesByMoreThanAStep() => Gen.Select(Gen.ULong, Gen.UInt, Gen.UInt, Gen.UInt[0, 1_000_000]).Sample(
        (price, used, target, step) =>
        {
            var policy = s_policy with { TargetPpm = target, StepPpm = step };
            var from = Math.Clamp(price, policy.Floor, policy.Ceiling);
            var next = policy.Next(from, used);
            return next >= policy.Floor && next <= policy.Ceiling
                && Math.Max(next, from) - Math.Min(next, from) <= Math.Max(1, from * step / 1_000_000)
                && policy.Next(price, used) >= policy.Floor && policy.Next(price, used) <= policy.Ceiling;
        });

    [Fact]
    public void AnIdleProviderGoesDownToItsFloorAndALeasedOneUpWhileItsLeasesStayAsTheyAre()
    {
        var bench = new Bench("worker", "owner");
        bench.Add("worker", n => new Provider(n, new ProviderSettings("cpu", "eu", 2, 1_024, 20_000, 1_000_000_000)
        {
            Pricing = s_policy with { Floor = 15_000 },
        }));
        bench.Run(20_000);
        var state = bench["sequencer"].State;
        var offer = Assert.Single(state.Offers.InOrder());
        Assert.Equal(15_000ul, offer.Terms.Price);

        var owner = Keys.Signer("owner");
        var order = new OpenJob(
            Keys.Hash("spec"), 1_000, 1_000_000, 1_000, 2, "cpu", "", 1, bench.Now.After(1_000_000), Verification.None, owner.Id);
        bench.Tell("sequencer", new Starling.Node.Contract.MessageReceived(owner.Id, new SubmitTransaction(SignedTransaction.Sign(
            new Transaction(state.Chain, owner.Id, 0, bench.Now.After(60_000), null, order), owner))));
        bench.Run(5_000);
        bench.Restart("worker");
        bench.Run(5_000);
        Assert.Equal(offer.Id, Assert.Single(state.Offers.InOrder()).Id);
        Assert.True(state.Offers.Find(offer.Id)!.Terms.Price > 20_000, $"asks {state.Offers.Find(offer.Id)!.Terms.Price}");
        Assert.Equal([15_000ul, 15_000ul], state.Leases.InOrder().Select(l => l.Price));
    }
}
