using Starling.Node.Adversaries;
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

    [Theory]
    [MemberData(nameof(Providers))]
    public void AJobSurvivesADishonestProvider(string name)
    {
        var kind = AdversaryLibrary.Find(name)!.Kind;
        var report = Run([kind == AdversaryKind.Challenger ? ["one-element"] : [name], [name], []], [[], []]);
        // The tiny model has one layer: nothing is there to drop.
        if (name is not ("fewer-layers" or "failing-device"))
            Assert.Equal(kind != AdversaryKind.Manner, report.Convictions > 0);
    }

    /// <summary>Which provider is hired is drawn: of a few seeds, one at least hires the liar.</summary>
    [Theory]
    [MemberData(nameof(Auditors))]
    public void ALiarIsConvictedBesideADishonestAuditor(string name) => Assert.Contains(
        Enumerable.Range(1, 6), seed => Run([["one-element"], []], [[], [], [name]], (ulong)seed).Convictions > 0);

    private static IEnumerable<string> Names(params AdversaryKind[] kinds) =>
        AdversaryLibrary.All.Where(e => kinds.Contains(e.Kind)).Select(e => e.Name);

    private SimulationReport Run(string[][] providers, string[][] auditors, ulong seed = 7)
    {
        var scenario = new Scenario(seed, providers, auditors, [(0, 0)], Verification.Full, Faults.None, 1_000);
        var report = new SimulationRun(scenario, s_lab).Run();
        output.WriteLine($"{report.Height} batches, {report.Convictions} convictions, {report.VirtualMs} ms");
        Assert.All(report.Models, m => Assert.Equal(Models.Of(m.Job, s_lab), m.Model));
        return report;
    }
}
