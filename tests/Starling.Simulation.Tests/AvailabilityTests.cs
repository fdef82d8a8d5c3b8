using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;
using Starling.Simulation.World;
using Xunit;

namespace Starling.Simulation;

/// <summary>Workers that sleep are defended by others; results that are hidden are asked for in the log.</summary>
public sealed class AvailabilityTests
{
    private static readonly TaskLab s_lab = new();

    /// <summary>A provider is gone for good once its first results stand; an auditor disputes them falsely.</summary>
    [Fact]
    public void AWorkerThatSleepsIsDefendedByItsGateway()
    {
        var scenario = new Scenario(7, [[], []], [[], ["dispute"]], [(0, 0)], Verification.Full, Faults.None, 1_000);
        var run = new SimulationRun(scenario, s_lab, new Seams
        {
            Wrap = (network, name, role) => name == "provider-0"
                ? new FallsAsleep((ChainRole)role, state => Shown(state, network.Providers[0]).Any())
                : role,
        });
        var report = run.Run();
        var (sleeper, gateway) = (run.Network.Providers[0], run.Network.Gateways[0]);
        Assert.Equal(0, report.Convictions);
        Assert.Equal(Models.Of(0, s_lab), Assert.Single(report.Models).Model);
        Assert.Contains(Shown(run.State, sleeper), a => a is { DisputesWon: > 0, Status: AttemptStatus.Final });
        var moves = run.World[gateway].Store.Log.SelectMany(b => b.Transactions).Where(
            t => t.Transaction.Body is PostClaims or OpenInputs).Select(t => t.Transaction.Sender).ToArray();
        // Whoever is awake moves by itself.
        Assert.Contains(gateway, moves);
        Assert.Contains(run.Network.Providers[1], moves);
    }

    /// <summary>Nobody recomputes these results, and their worker gives nobody the bytes.</summary>
    [Fact]
    public void AResultThatNobodyGivesIsAskedForInTheLogAndItsWorkerLosesItsBond()
    {
        var scenario = new Scenario(7, [["withhold"], []], [[]], [(0, 0)], Verification.None, Faults.None, 1_000);
        var run = new SimulationRun(scenario, s_lab);
        var report = run.Run();
        Assert.Equal(Models.Of(0, s_lab), Assert.Single(report.Models).Model);
        var bodies = run.World[run.Network.Gateways[0]].Store.Log.SelectMany(b => b.Transactions).ToArray();
        Assert.Contains(bodies, t => t.Transaction.Body is OpenChunks && t.Transaction.Sender == run.Network.Gateways[0]);
        Assert.Contains(Shown(run.State, run.Network.Providers[0]), a => a.Status == AttemptStatus.TimedOut);
        var stake = run.State.Stakes.Find(run.Network.Providers[0])!;
        Assert.True(stake.Bonded < new Tokens(SimulatedNetwork.Tokens));
    }

    /// <summary>A line between the gateway and a worker that is broken: what it can not fetch it is given in the log.</summary>
    [Fact]
    public void AnHonestWorkerThatTheGatewayCannotReachAnswersInTheLog()
    {
        var scenario = new Scenario(7, [[], []], [[]], [(0, 0)], Verification.None, Faults.None, 1_000);
        var run = new SimulationRun(scenario, s_lab);
        run.World.Cut = (to, holder) => to == run.Network.Gateways[0] && holder == run.Network.Providers[0];
        var report = run.Run();
        Assert.Equal(Models.Of(0, s_lab), Assert.Single(report.Models).Model);
        var answers = run.World[run.Network.Gateways[0]].Store.Log.SelectMany(b => b.Transactions)
            .Where(t => t.Transaction.Body is AnswerChunks).ToArray();
        Assert.Contains(answers, t => t.Transaction.Sender == run.Network.Providers[0]);
        Assert.Equal(new Tokens(SimulatedNetwork.Tokens), run.State.Stakes.Find(run.Network.Providers[0])!.Bonded);
        Assert.All(Shown(run.State, run.Network.Providers[0]), a => Assert.Equal(AttemptStatus.Final, a.Status));
    }

    private static IEnumerable<AttemptRecord> Shown(LedgerState state, NodeId worker) =>
        state.Tasks.InOrder().SelectMany(t => t.Attempts).Where(a => a.Provider == worker && a.Claim is not null);
}
