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
    private const int Steps = 160;
    private const double LeastRate = 0.008;

    private static readonly Panel s_left = new(70, 460);
    private static readonly Panel s_right = new(560, 940);

    public static string Svg(IReadOnlyList<DetectionPoint> byRate, IReadOnlyList<DetectionPoint> byBond)
    {
        var svg = new StringBuilder(Head);
        Detection(svg, byRate);
        Gain(svg, byBond);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Detection(StringBuilder svg, IReadOnlyList<DetectionPoint> points)
    {
        var axis = s_left with { FromX = Math.Log(LeastRate), ToX = 0, FromY = 0, ToY = 1 };
        axis.Frame(svg, "chance that a lie is convicted", "audit rate: chance that one auditor is drawn for a task");
        foreach (var rate in new[] { 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1 })
            axis.TickX(svg, Math.Log(rate), $"{Number(rate * 100)} %");
        foreach (var share in new[] { 0, 0.25, 0.5, 0.75, 1 })
            axis.TickY(svg, share, $"{Number(share * 100)} %");
        for (var series = 0; series < DetectionExperiment.Auditors.Length; series++)
        {
            var honest = DetectionExperiment.Auditors[series];
            axis.Curve(svg, series, x => Theory.Detection(Math.Exp(x), honest));
            foreach (var p in points.Where(p => p.Honest == honest))
                axis.Point(svg, series, Math.Log(p.Rate), p.Detected, p.Interval.Low, p.Interval.High);
            axis.Key(svg, series, $"{honest} honest auditor{(honest == 1 ? "" : "s")}", left: true, 1 - (0.08 * (series + 1)));
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
            axis.Curve(svg, series, x => Theory.Profit(Theory.Detection(rate, 1), x));
            foreach (var p in points.Where(p => p.Rate == rate))
                axis.Point(svg, series, p.Bond, p.Gain, p.GainInterval.Low, p.GainInterval.High);
            if (BondOf(rate) is var bond && bond < most)
                axis.Diamond(svg, series, bond, Theory.Profit(Theory.Detection(rate, 1), bond));
            axis.Key(svg, series, $"{Number(rate * 100)} % audited", left: false, 0.9 - (0.07 * series));
        }

        axis.Note(svg, "diamond: the stake", 0.58);
        axis.Note(svg, "that the ledger asks", 0.53);
    }

    /// <summary>The bond that the formula of the public rules asks for with one auditor, in prices.</summary>
    private static double BondOf(double rate)
    {
        const ulong price = 1_000_000;
        return (double)Deterrence.TaskBond(Rules.Public, new Credits(price), (ulong)(rate * price), 1).Micro / price;
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Head => string.Create(CultureInfo.InvariantCulture, $$"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{Height}}" font-family="system-ui, sans-serif" font-size="12" role="img">
        <title>How often lies are convicted, and what they gain: lines are the formula, points are the ledger</title>
        <style>
        text { fill: #24292f; } .grid { stroke: #d0d7de; } .axis { stroke: #24292f; } .line { fill: none; stroke-width: 1.8; }
        .s0 { stroke: #0969da; } .s1 { stroke: #bc4c00; } .s2 { stroke: #1a7f37; } .s3 { stroke: #8250df; }
        .paper, circle, path { fill: #ffffff; } circle { stroke-width: 1.8; } path { stroke-width: 2; }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; } .grid { stroke: #3d444d; } .axis { stroke: #e6edf3; }
        .s0 { stroke: #58a6ff; } .s1 { stroke: #f0883e; } .s2 { stroke: #3fb950; } .s3 { stroke: #bc8cff; }
        .paper, circle, path { fill: #0d1117; }
        }
        </style>
        <rect class="paper" width="{{Width}}" height="{{Height}}"/>

        """);

    /// <summary>One pair of axes, and where it stands in the picture.</summary>
    private sealed record Panel(double Left, double Right)
    {
        private const double Top = 40;
        private const double Bottom = 385;

        public double FromX { get; init; }

        public double ToX { get; init; }

        public double FromY { get; init; }

        public double ToY { get; init; }

        public void Frame(StringBuilder svg, string title, string x)
        {
            Text(svg, Left, Top - 16, title, "start", bold: true);
            Text(svg, (Left + Right) / 2, Bottom + 38, x, "middle");
            Line(svg, "axis", Left, Bottom, Right, Bottom);
            Line(svg, "axis", Left, Top, Left, Bottom);
        }

        public void TickX(StringBuilder svg, double value, string text)
        {
            Line(svg, "grid", X(value), Top, X(value), Bottom);
            Text(svg, X(value), Bottom + 17, text, "middle");
        }

        public void TickY(StringBuilder svg, double value, string text)
        {
            Line(svg, "grid", Left, Y(value), Right, Y(value));
            Text(svg, Left - 8, Y(value) + 4, text, "end");
        }

        public void Zero(StringBuilder svg) => Line(svg, "axis", Left, Y(0), Right, Y(0));

        public void Curve(StringBuilder svg, int series, Func<double, double> f)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"line s{series}\" points=\"");
            for (var i = 0; i <= Steps; i++)
            {
                var x = FromX + ((ToX - FromX) * i / Steps);
                if (f(x) is var y && y >= FromY && y <= ToY)
                    svg.Append(CultureInfo.InvariantCulture, $"{X(x):F1},{Y(y):F1} ");
            }

            svg.Append("\"/>\n");
        }

        public void Point(StringBuilder svg, int series, double x, double y, double low, double high)
        {
            if (y < FromY || y > ToY)
                return;
            Line(svg, $"line s{series}", X(x), Y(Math.Max(low, FromY)), X(x), Y(Math.Min(high, ToY)));
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"s{series}\" cx=\"{X(x):F1}\" cy=\"{Y(y):F1}\" r=\"3.5\"/>\n");
        }

        public void Diamond(StringBuilder svg, int series, double x, double y)
        {
            if (y >= FromY && y <= ToY)
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<path class=\"s{series}\" d=\"M{X(x):F1} {Y(y) - 8:F1}l8 8l-8 8l-8 -8z\"/>\n");
        }

        /// <summary>A series by its name, at a share of the panel's height.</summary>
        public void Key(StringBuilder svg, int series, string name, bool left, double height)
        {
            var (x, y) = (left ? Left + 14 : Right + 12, Bottom - ((Bottom - Top) * height));
            Line(svg, $"line s{series}", x, y, x + 24, y);
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"s{series}\" cx=\"{x + 12:F1}\" cy=\"{y:F1}\" r=\"3.5\"/>\n");
            Text(svg, x + 32, y + 4, name, "start");
        }

        public void Note(StringBuilder svg, string text, double height) =>
            Text(svg, Right + 12, Bottom - ((Bottom - Top) * height) + 4, text, "start");

        private static void Line(StringBuilder svg, string kind, double x1, double y1, double x2, double y2) => svg.Append(
            CultureInfo.InvariantCulture,
            $"<line class=\"{kind}\" x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\"/>\n");

        private static void Text(StringBuilder svg, double x, double y, string text, string anchor, bool bold = false) => svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\"{(bold ? " font-weight=\"600\"" : "")}>{text}</text>\n");

        private double X(double value) => Left + ((Right - Left) * (value - FromX) / (ToX - FromX));

        private double Y(double value) => Bottom - ((Bottom - Top) * (value - FromY) / (ToY - FromY));
    }
}
