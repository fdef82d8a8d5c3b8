using System.Collections.Concurrent;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;
using Starling.Simulation.World;
using Xunit;

namespace Starling.Simulation;

/// <summary>A third of all providers dies in the middle of a training job of 24 workers and four rounds.</summary>
public sealed class ElasticityTests(ITestOutputHelper output)
{
    private const int Wide = Scenario.TinyJobs;
    private const int TaskMs = 10_000;

    private static readonly TaskLab s_lab = new();
    private static readonly ConcurrentDictionary<(int, long, bool, int, int), long> s_done = new();

    /// <summary>Twelve machines work, eight go on: what is left takes half as long again, and 10 % of all may come on top.</summary>
    [Fact]
    public void TheTimeToFinishGrowsByTheLostCapacityAndLittleMore()
    {
        var whole = Run(providers: 12, thirdDiesAt: 0);
        var halfway = whole / 2;
        var hurt = Run(providers: 12, thirdDiesAt: halfway);
        var most = halfway + ((whole - halfway) * 3 / 2) + (whole / 10);
        output.WriteLine($"{whole} ms; a third dies after {halfway} ms: {hurt} ms, at most {most} ms");
        Assert.InRange(hurt, whole, most);
    }

    /// <summary>Six of eighteen machines die, two thirds of them at work; those that stood by take over.</summary>
    [Fact]
    public void MachinesThatStandByTakeOverWithinSeconds()
    {
        var whole = Run(providers: 18, thirdDiesAt: 0);
        var hurt = Run(providers: 18, thirdDiesAt: whole / 2);
        output.WriteLine($"{whole} ms; a third dies: {hurt} ms");
        Assert.InRange(hurt, whole, whole + (2 * TaskMs) + 5_000);
    }

    /// <summary>The news that a machine is gone is what makes it fast: without it every lost task waits for its deadline.</summary>
    [Fact]
    public void WaitingForTheDeadTakesLonger()
    {
        var halfway = Run(providers: 12, thirdDiesAt: 0) / 2;
        var told = Run(providers: 12, thirdDiesAt: halfway);
        var untold = Run(providers: 12, thirdDiesAt: halfway, tellsPresence: false);
        output.WriteLine($"{told} ms told, {untold} ms untold");
        Assert.True(untold > told + 5_000);
    }

    /// <summary>One of twelve machines takes fifteen times as long: it loses one task, not a part of every round.</summary>
    [Fact]
    public void OneSlowMachineHoldsUpNoRoundTwice()
    {
        var whole = Run(providers: 12, thirdDiesAt: 0, taskMs: 1_000);
        var slowed = Run(providers: 12, thirdDiesAt: 0, taskMs: 1_000, straggler: 15);
        output.WriteLine($"{whole} ms; with one slow machine: {slowed} ms");
        Assert.InRange(slowed, whole, whole + 15_000);
    }

    private static long Run(int providers, long thirdDiesAt, bool tellsPresence = true, int taskMs = TaskMs, int straggler = 1) =>
        s_done.GetOrAdd((providers, thirdDiesAt, tellsPresence, taskMs, straggler), static run => Run(run));

    private static long Run((int Providers, long ThirdDiesAt, bool TellsPresence, int TaskMs, int Straggler) run)
    {
        var scenario = new Scenario(
            1, [.. Enumerable.Range(0, run.Providers).Select(static _ => Array.Empty<string>())], [[]], [(Wide, 0)], Verification.None,
            Faults.None with { RunMsMin = run.TaskMs, RunMsMax = run.TaskMs }, SafetyMs: 35 * run.TaskMs)
        {
            Topology = new Topology { TellsPresence = run.TellsPresence },
            Slots = 1,
            Straggler = run.Straggler,
            Leases = 12,
            ThirdDiesAt = run.ThirdDiesAt,
        };
        var report = new SimulationRun(scenario, s_lab).Run();
        Assert.Equal(Models.Of(Wide, s_lab), Assert.Single(report.Models).Model);
        return report.FinishedMs;
    }
}
