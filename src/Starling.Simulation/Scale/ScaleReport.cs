namespace Starling.Simulation.Scale;

/// <summary>What was seen in one stretch of virtual time.</summary>
public sealed class ScaleWindow
{
    /// <summary>Slot milliseconds, by capability: of living machines, wanted by open orders, leased, at work.</summary>
    public double[] Supplied { get; } = new double[ScaleSettings.Capabilities.Length];

    public double[] Wanted { get; } = new double[ScaleSettings.Capabilities.Length];

    public double[] Leased { get; } = new double[ScaleSettings.Capabilities.Length];

    public double[] Working { get; } = new double[ScaleSettings.Capabilities.Length];

    /// <summary>What leases could be held of what was wanted.</summary>
    public double[] Possible { get; } = new double[ScaleSettings.Capabilities.Length];

    /// <summary>Milliseconds from an order to each of its first leases.</summary>
    public List<long> LeaseMs { get; } = [];

    /// <summary>Prices of new leases over the usual price of their capability, by region.</summary>
    public List<double>[] Prices { get; } = [.. ScaleSettings.Regions.Select(static _ => new List<double>())];

    /// <summary>Milliseconds from a machine's death to each of its tasks being given to another.</summary>
    public List<long> FailoverMs { get; } = [];

    /// <summary>Tasks that were lost with their machine.</summary>
    public int Lost { get; set; }
}

/// <summary>What a market came to.</summary>
public sealed record ScaleReport(
    ScaleSettings Settings, IReadOnlyList<ScaleWindow> Windows, long WindowMs, long VirtualMs, ulong Batches, long Transactions,
    int Done, int Tasks, int Audited, double LedgerSeconds, string Root)
{
    /// <summary>Leased slot time over what could be leased of what was wanted, all capabilities together.</summary>
    public double Utilisation => Windows.Sum(static w => w.Leased.Sum()) / Windows.Sum(static w => w.Possible.Sum());

    /// <summary>As <see cref="Utilisation"/>, of the capability that fares worst.</summary>
    public double LeastUtilisation => Enumerable.Range(0, ScaleSettings.Capabilities.Length)
        .Min(k => Windows.Sum(w => w.Leased[k]) / Windows.Sum(w => w.Possible[k]));

    /// <summary>Seconds of processor time that the ledger took for one order, from order to close.</summary>
    public double CostPerOrder => LedgerSeconds / Done;

    /// <summary>The least time that a share of all first leases did not exceed, in milliseconds.</summary>
    public long LeaseMs(double share) => Quantile(Windows.SelectMany(static w => w.LeaseMs), share);

    public long FailoverMs(double share) => Quantile(Windows.SelectMany(static w => w.FailoverMs), share);

    public int Lost => Windows.Sum(static w => w.Lost);

    internal static long Quantile(IEnumerable<long> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
