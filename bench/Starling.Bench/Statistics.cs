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
        string what, string unit, Settings settings, Func<double> ours, Func<double> peer, string? target) =>
        Alternate(what, unit, settings, ours, [new Peer("", peer)], target);

    /// <summary>
    /// Alternates ours and every peer; ours is compared with the peer that is fastest by its median, which the row
    /// names. A peer that fails is left out; if none is left, the row is an error.
    /// </summary>
    public static Row Alternate(
        string what, string unit, Settings settings, Func<double> ours, IReadOnlyList<Peer> peers, string? target)
    {
        var watch = Stopwatch.StartNew();
        var left = peers.ToDictionary(p => p, _ => new List<(double Ours, double Peer)>());
        PeerException? failure = null;
        for (var round = 0; round < settings.Rounds && left.Count > 0; round++)
        {
            if (round >= settings.FewestRounds && watch.Elapsed.TotalSeconds > settings.RowBudget)
                break;
            var own = ours();
            foreach (var (peer, pairs) in left)
            {
                try
                {
                    pairs.Add((own, peer.Go()));
                }
                catch (PeerException e)
                {
                    failure = e;
                    left.Remove(peer);
                }
            }
        }

        if (left.Count == 0)
            return Row.Error(what, failure!.Message);
        var (fastest, measured) = left.MaxBy(p => Median(p.Value.Select(pair => pair.Peer)));
        return new Row(
            peers.Count > 1 ? $"{what} (peer: {fastest.Name})" : what, unit,
            Median(measured.Select(p => p.Ours)), Median(measured.Select(p => p.Peer)),
            Median(measured.Select(p => p.Ours / p.Peer)), target);
    }
}
