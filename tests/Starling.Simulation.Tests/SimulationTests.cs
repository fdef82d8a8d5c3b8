using Starling.Ledger.Events;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Simulation.Checkers;
using Starling.Simulation.Engine;
using Starling.Simulation.Planted;
using Starling.Simulation.World;
using Xunit;

namespace Starling.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Seeds of each test run; CI runs a thousand beside it, optimised.</summary>
    private const int Seeds = 100;

    private static readonly TaskLab s_lab = new();

    public static TheoryData<string> PlantedBugs => [.. Bugs.All.Keys];

    [Fact]
    public void EverySeedKeepsItsPromises() => Parallel.For(0, Seeds, seed =>
    {
        var report = RunSeed((ulong)seed);
        foreach (var (job, model) in report.Models)
            Assert.True(model.SequenceEqual(Models.Of(job, s_lab)), $"seed {seed}: another model of job {job}");
    });

    [Fact]
    public void ASeedReplaysExactly()
    {
        var (a, b) = (RunSeed(5), RunSeed(5));
        Assert.Equal((a.Height, a.VirtualMs, a.Events, a.Crashes, a.Root), (b.Height, b.VirtualMs, b.Events, b.Crashes, b.Root));
    }

    [Theory]
    [MemberData(nameof(PlantedBugs))]
    public void APlantedBugIsFound(string name)
    {
        var bug = Bugs.All[name];
        for (var seed = 0ul; seed < 50; seed++)
        {
            var scenario = Scenario.Draw(seed);
            try
            {
                new SimulationRun(bug.Alter?.Invoke(scenario) ?? scenario, s_lab, bug.Seams).Run();
            }
            catch (Exception e) when (e is SimulationFailure or InvalidOperationException or DecodeException)
            {
                output.WriteLine($"seed {seed}: {e.Message}");
                return;
            }
        }

        Assert.Fail("50 seeds did not find it");
    }

    [Fact]
    public void ATaskPaidTwiceIsFound()
    {
        var network = new SimulatedNetwork(Scenario.Draw(0), s_lab);
        var checker = new LogChecker(network.Genesis, network.IsHonest, static () => 0);
        var paid = new Paid(default, new TaskId(Hash256.Zero), network.Providers[0], new Credits(1), PaymentReason.Work);
        checker.Check(paid);
        Assert.Throws<SimulationFailure>(() => checker.Check(paid));
    }

    private static SimulationReport RunSeed(ulong seed)
    {
        var scenario = Scenario.Draw(seed);
        try
        {
            return new SimulationRun(scenario, s_lab).Run();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"{scenario}\n{e.Message}\nreplay: dotnet run --project tests/Starling.Simulation -- --seed {seed} --trace", e);
        }
    }
}
