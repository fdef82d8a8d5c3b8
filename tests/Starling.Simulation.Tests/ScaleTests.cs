using System.Xml.Linq;
using Starling.Simulation.Scale;
using Xunit;

namespace Starling.Simulation;

/// <summary>The market at a small size; <c>starling simulate</c> runs it at ten thousand machines.</summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    /// <summary>Few machines leave much to chance, so that they are asked for less than many are.</summary>
    [Fact]
    public void AMarketKeepsItsMachinesBusyAndItsOrdersWaitBriefly()
    {
        var report = new ScaleMarket(new ScaleSettings(1, 300, 1_000) { Load = 0.4 }).Run();
        output.WriteLine(FormattableString.Invariant(
            $"utilisation {report.Utilisation:P2}, least {report.LeastUtilisation:P2}, lease {report.LeaseMs(0.5)}/{report.LeaseMs(0.95)} ms, {report.Lost} lost, failover {report.FailoverMs(0.5)}/{report.FailoverMs(0.95)} ms, {report.Transactions} transactions"));
        Assert.Equal(1_000, report.Done);
        Assert.True(report.Utilisation >= 0.95);
        Assert.True(report.LeaseMs(0.95) < 1_000);
        Assert.True(report.Lost > 0 && report.FailoverMs(0.95) < 10_000);
        Assert.True(report.Audited > 0);
    }

    [Fact]
    public void AMarketReplaysExactly()
    {
        var settings = new ScaleSettings(2, 50, 200);
        Assert.Equal(new ScaleMarket(settings).Run().Root, new ScaleMarket(settings).Run().Root);
    }

    [Fact]
    public void ChartsAreWellFormed()
    {
        var report = new ScaleMarket(new ScaleSettings(3, 50, 200)).Run();
        Assert.All([ScaleCharts.Market(report), ScaleCharts.Cost([report])], static svg => Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName));
    }
}
