using System.Globalization;
using Starling.Simulation.Market;

namespace Starling.Bench;

/// <summary>
/// How often lies are convicted and what they gain, on the true ledger over a cheap program, beside the formula. Draws
/// the chart of docs/adversaries.md from the same points.
/// </summary>
internal sealed class DetectionComparison : IComparison
{
    private const string Chart = "docs/images/detection.svg";

    public string Name => "detection";

    public IEnumerable<Row> Run(Settings settings)
    {
        var rounds = settings.Quick ? 4 : 16;
        var byRate = new List<DetectionPoint>();
        foreach (var point in DetectionExperiment.ByRate(rounds))
        {
            byRate.Add(point);
            yield return new Row(
                Text($"lies convicted, audit rate {point.Rate * 100:0.##} %, {point.Honest} of {point.Honest + point.Dishonest} auditors honest, {point.Told} lies, 99.9 % interval {point.Interval}"),
                "share", point.Detected, point.Predicted);
        }

        var byBond = new List<DetectionPoint>();
        foreach (var point in DetectionExperiment.ByBond(rounds))
        {
            byBond.Add(point);
            yield return new Row(
                Text($"gain of a lie, audit rate {point.Rate * 100:0.##} %, bond of {point.Bond} prices, {point.Told} lies"),
                "prices", point.Gain, point.PredictedGain);
        }

        File.WriteAllText(Chart, DetectionChart.Svg(byRate, byBond));
        yield return new Row(
            "points whose 99.9 % interval holds what the formula says", "share",
            byRate.Concat(byBond).Average(p => p.Interval.Contains(p.Predicted) ? 1.0 : 0.0), Target: ">= 1");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
