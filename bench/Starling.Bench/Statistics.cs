using System.Diagnostics;

namespace Starling.Bench;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Runs <paramref name="once"/> for about that long; returns runs per second.</summary>
    public static double Rate(double seconds, Action once)
    {
        var watch = Stopwatch.StartNew();
        var runs = 0;
        do
        {
            once();
            runs++;
        }
        while (watch.Elapsed.TotalSeconds < seconds);
        return runs / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Alternates ours and the peer, and gives medians of both and of the ratio of each pair.</summary>
    public static Row Alternate(
        string what, string unit, Settings settings, Func<double> ours, Func<double> peer, string? target)
    {
        var pairs = Enumerable.Range(0, settings.Rounds).Select(_ => (Ours: ours(), Peer: peer())).ToArray();
        return new Row(
            what, unit, Median(pairs.Select(p => p.Ours)), Median(pairs.Select(p => p.Peer)),
            Median(pairs.Select(p => p.Ours / p.Peer)), target);
    }
}
