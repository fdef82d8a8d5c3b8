using System.Globalization;
using System.Text;

namespace Starling.Simulation.Market;

/// <summary>One pair of axes, and where it stands in the picture.</summary>
public sealed record Panel(double Left, double Right, double Top = 40, double Bottom = 385)
{
    private const int Steps = 160;

    public double FromX { get; init; }

    public double ToX { get; init; }

    public double FromY { get; init; }

    public double ToY { get; init; }

    /// <summary>Begins a picture; the caller ends it with <c>&lt;/svg&gt;</c>.</summary>
    public static string Head(int width, int height, string title) => string.Create(CultureInfo.InvariantCulture, $$"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}" font-family="system-ui, sans-serif"
        font-size="12" role="img">
        <title>{{title}}</title>
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
        <rect class="paper" width="{{width}}" height="{{height}}"/>

        """);

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

    /// <summary>Joins points; what lies outside the axes is left out.</summary>
    public void Joined(StringBuilder svg, int series, IEnumerable<(double X, double Y)> points)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"line s{series}\" points=\"");
        foreach (var (x, y) in points)
            if (y >= FromY && y <= ToY)
                svg.Append(CultureInfo.InvariantCulture, $"{X(x):F1},{Y(y):F1} ");
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

    /// <summary>A series by its name, in a row above the panel's top edge, at a place from its left.</summary>
    public void KeyAbove(StringBuilder svg, int series, string name, double at)
    {
        Line(svg, $"line s{series}", Left + at, Top - 1, Left + at + 20, Top - 1);
        Text(svg, Left + at + 25, Top + 3, name, "start");
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
