using ScottPlot;

namespace Starling.Cli.Results;

/// <summary>Draws loss over steps: the workers' mean for training, and the measurements on held-out data.</summary>
internal static class LossChart
{
    private const int Width = 960;
    private const int Height = 540;

    public static void Save(IReadOnlyList<Metric> metrics, string file)
    {
        using var plot = new Plot();
        var training = metrics.Where(m => m.Loss is not null).GroupBy(m => m.Step).OrderBy(g => g.Key).ToList();
        if (training.Count > 0)
        {
            var line = plot.Add.ScatterLine(
                training.Select(g => (double)g.Key).ToArray(), training.Select(g => g.Average(m => m.Loss!.Value)).ToArray());
            line.LegendText = "training";
        }

        var measured = metrics.Where(m => m.HeldOutLoss is not null).ToList();
        if (measured.Count > 0)
        {
            var points = plot.Add.Scatter(
                measured.Select(m => (double)m.Step).ToArray(), measured.Select(m => m.HeldOutLoss!.Value).ToArray());
            points.LegendText = "held out";
            points.LineWidth = 2;
        }

        plot.XLabel("step");
        plot.YLabel("loss (nats)");
        plot.ShowLegend(Alignment.UpperRight);
        plot.SavePng(file, Width, Height);
    }
}
