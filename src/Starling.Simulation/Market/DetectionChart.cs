using System.Globalization;
using System.Text;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Genesis;

namespace Starling.Simulation.Market;

/// <summary>
/// Draws theory as lines and what was measured as points with their intervals: how often lies are found against the audit
/// rate, and what they gain against the bond. The picture follows the reader's light or dark scheme.
/// </summary>
public static class DetectionChart
{
    private const int Width = 1_080;
    private const int Height = 440;
    private const double LeastRate = 0.008;
    private const string Title = "How often lies are convicted, and what they gain: lines are the formula, points are the ledger";

    private static readonly Panel s_left = new(70, 460);
    private static readonly Panel s_right = new(560, 940);

    public static string Svg(IReadOnlyList<DetectionPoint> byRate, IReadOnlyList<DetectionPoint> byBond)
    {
        var svg = new StringBuilder(Panel.Head(Width, Height, Title));
        Detection(svg, byRate);
        Gain(svg, byBond);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Detection(StringBuilder svg, IReadOnlyList<DetectionPoint> points)
    {
        var axis = s_left with { FromX = Math.Log(LeastRate), ToX = 0, FromY = 0, ToY = 1 };
        axis.Frame(svg, "chance that a lie is convicted", "audit rate: chance that a task is drawn by anybody");
        foreach (var rate in new[] { 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1 })
            axis.TickX(svg, Math.Log(rate), $"{Number(rate * 100)} %");
        foreach (var share in new[] { 0, 0.25, 0.5, 0.75, 1 })
            axis.TickY(svg, share, $"{Number(share * 100)} %");
        for (var series = 0; series < DetectionExperiment.Auditors.Length; series++)
        {
            var (honest, dishonest) = DetectionExperiment.Auditors[series];
            axis.Curve(svg, series, x => Theory.Detection(Math.Exp(x), honest, dishonest));
            foreach (var p in points.Where(p => p.Honest == honest && p.Dishonest == dishonest))
                axis.Point(svg, series, Math.Log(p.Rate), p.Detected, p.Interval.Low, p.Interval.High);
            axis.Key(svg, series, $"{honest} of {honest + dishonest} auditors honest", left: true, 1 - (0.08 * (series + 1)));
        }
    }

    private static void Gain(StringBuilder svg, IReadOnlyList<DetectionPoint> points)
    {
        const double most = 130;
        var axis = s_right with { FromX = 0, ToX = most, FromY = -6, ToY = 1.4 };
        axis.Frame(svg, "gain of a lie over honest work, in prices of the task", "stake behind the task, in prices of the task");
        foreach (var bond in new[] { 0, 25, 50, 75, 100, 125 })
            axis.TickX(svg, bond, Number(bond));
        foreach (var gain in new[] { -6, -5, -4, -3, -2, -1, 0, 1 })
            axis.TickY(svg, gain, Number(gain));
        axis.Zero(svg);
        for (var series = 0; series < DetectionExperiment.BondRates.Length; series++)
        {
            var rate = DetectionExperiment.BondRates[series];
            axis.Curve(svg, series, x => Theory.Profit(Theory.Detection(rate, honest: 1, dishonest: 0), x));
            foreach (var p in points.Where(p => p.Rate == rate))
                axis.Point(svg, series, p.Bond, p.Gain, p.GainInterval.Low, p.GainInterval.High);
            if (BondOf(rate) is var bond && bond < most)
                axis.Diamond(svg, series, bond, Theory.Profit(Theory.Detection(rate, honest: 1, dishonest: 0), bond));
            axis.Key(svg, series, $"{Number(rate * 100)} % audited", left: false, 0.9 - (0.07 * series));
        }

        axis.Note(svg, "diamond: the stake", 0.58);
        axis.Note(svg, "that the ledger asks", 0.53);
    }

    /// <summary>The bond that the formula of the public rules asks for, in prices.</summary>
    private static double BondOf(double rate)
    {
        const ulong price = 1_000_000;
        var caught = Deterrence.CaughtPpm(Rules.Public, (ulong)(rate * price));
        return (double)Deterrence.TaskBond(Rules.Public, new Credits(price), caught).Micro / price;
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
