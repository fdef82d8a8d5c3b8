using Starling.Ledger.State;
using Starling.Node.Adversaries;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;
using Starling.Simulation.World;
using Xunit;

namespace Starling.Simulation;

/// <summary>Every dishonest node of the library in a whole network: the job ends with the right model all the same.</summary>
public sealed class AdversaryTests(ITestOutputHelper output)
{
    private static readonly TaskLab s_lab = new();

    public static TheoryData<string> Providers => [.. Names(AdversaryKind.Lie, AdversaryKind.Manner, AdversaryKind.Challenger)];

    public static TheoryData<string> Auditors => [.. Names(AdversaryKind.Auditor)];

    public static TheoryData<string> Occasions => [.. Names(AdversaryKind.Occasion)];

    [Theory]
    [MemberData(nameof(Providers))]
    public void AJobSurvivesADishonestProvider(string name)
    {
        var kind = AdversaryLibrary.Find(name)!.Kind;
        var job = name == "fewer-layers" ? Scenario.TwoLayers : 0;
        var run = Run([kind == AdversaryKind.Challenger ? ["one-element"] : [name], [name], []], [[], []], job: job);
        if (name != "failing-device")
            Assert.Equal(kind != AdversaryKind.Manner, run.Convictions > 0);
        // The first two have one owner. Whoever is only slow, or keeps what auditors give, is bounded by deadlines.
        var held = Held(run.State, run.Network.Providers[0]) + Held(run.State, run.Network.Providers[1]);
        Assert.True(held <= new Tokens(2 * SimulatedNetwork.Tokens));
        if (name is "silent" or "crash")
            Assert.Contains(run.Network.Providers.Take(2), p => run.State.Stakes.Find(p)!.NoShows > 0);
        else if (name is not ("stall" or "malformed" or "withhold" or "failing-device"))
            Assert.True(held < new Tokens(2 * SimulatedNetwork.Tokens));
        if (name == "spam-challenges")
            Assert.True(Held(run.State, run.Network.Providers[1]) < new Tokens(SimulatedNetwork.Tokens));
    }

    /// <summary>Where every task is recomputed there is no occasion but to be caught, or to be honest.</summary>
    [Theory]
    [MemberData(nameof(Occasions))]
    public void ALiarThatWaitsForItsOccasionGainsNothing(string name)
    {
        var run = Run([["one-element", name], ["one-element", name], []], [[], []]);
        var least = Least(run.State, run.Network.Providers.Take(2));
        Assert.Equal(run.Convictions > 0, least < new Tokens(SimulatedNetwork.Tokens));
    }

    /// <summary>Which provider is hired is drawn: of a few seeds, one at least hires the liar.</summary>
    [Theory]
    [MemberData(nameof(Auditors))]
    public void ALiarIsConvictedBesideADishonestAuditor(string name)
    {
        for (var seed = 1UL; seed <= 6; seed++)
        {
            var run = Run([["one-element"], []], [[], [], [name]], seed);
            if (run.Convictions == 0)
                continue;
            // Whoever disputes everything pays also the liar, for what it did right.
            if (name != "dispute")
                Assert.True(Held(run.State, run.Network.Providers[0]) < new Tokens(SimulatedNetwork.Tokens));
            Assert.True(Held(run.State, run.Network.Auditors[2]) < new Tokens(SimulatedNetwork.Tokens));
            return;
        }

        Assert.Fail("six seeds hired no liar");
    }

    private static IEnumerable<string> Names(params AdversaryKind[] kinds) =>
        AdversaryLibrary.All.Where(e => kinds.Contains(e.Kind)).Select(e => e.Name);

    private SimulatedRun Run(string[][] providers, string[][] auditors, ulong seed = 7, int job = 0)
    {
        var scenario = new Scenario(seed, providers, auditors, [(job, 0)], Verification.Full, Faults.None, 1_000);
        var run = new SimulationRun(scenario, s_lab);
        var report = run.Run();
        output.WriteLine($"{report.Height} batches, {report.Convictions} convictions, {report.VirtualMs} ms");
        foreach (var node in run.World.Nodes)
            output.WriteLine($"{node} holds {Held(run.State, node.Id)}");
        Assert.All(report.Models, m => Assert.Equal(Models.Of(m.Job, s_lab), m.Model));
        var honest = run.Network.Providers.Concat(run.Network.Auditors).Where(run.Network.IsHonest);
        Assert.True(Least(run.State, honest) >= new Tokens(SimulatedNetwork.Tokens), "an honest node lost stake");
        return new SimulatedRun(run.Network, run.State, report.Convictions);
    }

    private static Tokens Least(LedgerState state, IEnumerable<NodeId> nodes) =>
        nodes.Select(n => Held(state, n)).MinBy(t => t.Micro);

    /// <summary>The tokens of a node, free or at stake.</summary>
    private static Tokens Held(LedgerState state, NodeId node)
    {
        var stake = state.Stakes.Find(node);
        var held = (state.Accounts.Find(node)?.Tokens ?? Tokens.Zero) + (stake?.Bonded ?? Tokens.Zero);
        return (stake?.Unbonding ?? []).Aggregate(held, (sum, u) => sum + u.Amount);
    }

    private sealed record SimulatedRun(SimulatedNetwork Network, LedgerState State, int Convictions);
}
