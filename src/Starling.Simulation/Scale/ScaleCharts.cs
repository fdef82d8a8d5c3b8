using System.Globalization;
using System.Text;
using Starling.Simulation.Market;

namespace Starling.Simulation.Scale;

/// <summary>Draws what a market came to, over its virtual time.</summary>
public static class ScaleCharts
{
    private const int Width = 1_080;

    private static readonly Panel[] s_panels =
    [
        new(70, 500, 50, 300), new(610, 1_040, 50, 300), new(70, 500, 410, 660), new(610, 1_040, 410, 660),
    ];

    /// <summary>Utilisation, time to lease, prices by region and failovers.</summary>
    public static string Market(ScaleReport report)
    {
        var svg = new StringBuilder(Panel.Head(Width, 720, string.Create(
            CultureInfo.InvariantCulture,
            $"A market of {report.Settings.Providers} machines and {report.Settings.Jobs} orders, seed {report.Settings.Seed}")));
        Utilisation(svg, report);
        TimeToLease(svg, report);
        Prices(svg, report);
        Failovers(svg, report);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>What an order costs the ledger against the number of machines, beside the growth of a logarithm.</summary>
    /// <param name="reports">Ascending by machines, as many orders for each machine in all.</param>
    public static string Cost(IReadOnlyList<ScaleReport> reports)
    {
        var svg = new StringBuilder(Panel.Head(560, 370, "What an order costs the ledger, by the number of machines"));
        var most = Math.Max(0.1, reports.Max(static r => r.CostPerOrder) * 1_400);
        var axis = s_panels[0] with
        {
            FromX = Math.Log(reports[0].Settings.Providers) - 0.2,
            ToX = Math.Log(reports[^1].Settings.Providers) + 0.2,
            FromY = 0,
            ToY = most,
        };
        axis.Frame(svg, "processor time of the ledger for one order, in ms", "machines");
        foreach (var report in reports)
            axis.TickX(svg, Math.Log(report.Settings.Providers), Number(report.Settings.Providers));
        TicksY(axis, svg, "");
        var (first, cost) = (Math.Log(reports[0].Settings.Providers), reports[0].CostPerOrder * 1_000);
        axis.Curve(svg, 1, x => cost * x / first);
        axis.Joined(svg, 0, reports.Select(static r => (Math.Log(r.Settings.Providers), r.CostPerOrder * 1_000)));
        foreach (var report in reports)
        {
            var at = report.CostPerOrder * 1_000;
            axis.Point(svg, 0, Math.Log(report.Settings.Providers), at, at, at);
        }

        axis.KeyAbove(svg, 0, "measured", 10);
        axis.KeyAbove(svg, 1, "growth of log n", 110);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Utilisation(StringBuilder svg, ScaleReport report)
    {
        var slots = report.Windows.Max(static w => w.Supplied.Sum());
        var axis = Over(s_panels[0], report, 1.1);
        axis.Frame(svg, "slots, as a share of all", "minutes of virtual time");
        Ticks(axis, svg, " %", 100);
        Series(axis, svg, report, 3, w => w.Supplied.Sum() / slots);
        Series(axis, svg, report, 1, w => w.Wanted.Sum() / slots);
        Series(axis, svg, report, 0, w => w.Leased.Sum() / slots);
        Series(axis, svg, report, 2, w => w.Working.Sum() / slots);
        Keys(axis, svg, (3, "there"), (1, "wanted"), (0, "leased"), (2, "at work"));
    }

    private static void TimeToLease(StringBuilder svg, ScaleReport report)
    {
        var axis = Over(s_panels[1], report, Math.Max(1_000, report.Windows.Max(static w => ScaleReport.Quantile(w.LeaseMs, 0.95)) * 1.15));
        axis.Frame(svg, "milliseconds from order to lease", "minutes of virtual time");
        Ticks(axis, svg, "", 1);
        foreach (var (series, share) in new[] { (2, 0.5), (0, 0.95) })
            Series(axis, svg, report, series, w => ScaleReport.Quantile(w.LeaseMs, share));
        Keys(axis, svg, (2, "half of them"), (0, "95 %"));
    }

    private static void Prices(StringBuilder svg, ScaleReport report)
    {
        var most = report.Windows.Max(static w => w.Prices.Max(static p => p.Count == 0 ? 1 : p.Average()));
        var axis = Over(s_panels[2], report, 1.15 * most);
        axis.Frame(svg, "price of new leases, over the price at first", "minutes of virtual time");
        Ticks(axis, svg, "", 1);
        for (var region = 0; region < ScaleSettings.Regions.Length; region++)
        {
            var at = region;
            Series(axis, svg, report, region, w => w.Prices[at].Count == 0 ? double.NaN : w.Prices[at].Average());
        }

        Keys(axis, svg, [.. ScaleSettings.Regions.Select(static (name, i) => (i, name))]);
    }

    private static void Failovers(StringBuilder svg, ScaleReport report)
    {
        var most = Math.Max(10, 1.15 * report.Windows.Max(static w => Math.Max(w.Lost, w.FailoverMs.Count)));
        var axis = Over(s_panels[3], report, most);
        axis.Frame(svg, "tasks that lost their machine, and given to another", "minutes of virtual time");
        Ticks(axis, svg, "", 1);
        Series(axis, svg, report, 1, static w => w.Lost);
        Series(axis, svg, report, 0, static w => w.FailoverMs.Count);
        Keys(axis, svg, (1, "lost"), (0, "given to another"));
    }

    private static Panel Over(Panel panel, ScaleReport report, double most) => panel with
    {
        FromX = 0,
        ToX = report.Windows.Count * report.WindowMs / 60_000.0,
        FromY = 0,
        ToY = most,
    };

    private static void Series(Panel axis, StringBuilder svg, ScaleReport report, int series, Func<ScaleWindow, double> value) =>
        axis.Joined(svg, series, report.Windows.SkipLast(1).Select((w, i) => ((i + 0.5) * report.WindowMs / 60_000.0, value(w))));

    private static void Ticks(Panel axis, StringBuilder svg, string unit, double scale)
    {
        for (var i = 0; i <= 4; i++)
            axis.TickX(svg, Round(axis.ToX) * i / 4, Number(Round(axis.ToX) * i / 4));
        TicksY(axis, svg, unit, scale);
    }

    private static void TicksY(Panel axis, StringBuilder svg, string unit, double scale = 1)
    {
        var step = Round(axis.ToY) / 4;
        for (var at = 0.0; at <= axis.ToY * 1.0001; at += step)
            axis.TickY(svg, at, $"{Number(at * scale)}{unit}");
    }

    /// <summary>The largest of 1, 2, 4 and 8 times a power of ten that does not exceed a value.</summary>
    private static double Round(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return power * (value / power) switch { >= 8 => 8, >= 4 => 4, >= 2 => 2, _ => 1 };
    }

    private static void Keys(Panel axis, StringBuilder svg, params (int Series, string Name)[] keys)
    {
        for (var i = 0; i < keys.Length; i++)
            axis.KeyAbove(svg, keys[i].Series, keys[i].Name, 10 + (i * 105));
    }

    private static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);
}
