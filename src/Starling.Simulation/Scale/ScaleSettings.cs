namespace Starling.Simulation.Scale;

/// <summary>A market of many machines and very many short jobs.</summary>
/// <param name="Seed">All draws follow from it.</param>
/// <param name="Providers">Machines that are lent.</param>
/// <param name="Jobs">Orders, over the whole run.</param>
public sealed record ScaleSettings(ulong Seed, int Providers, int Jobs)
{
    /// <summary>Milliseconds between two batches, where there is something to put into one.</summary>
    public int BatchMs { get; init; } = 100;

    /// <summary>Share of all slots that tasks need, on average; leases are held longer than that.</summary>
    public double Load { get; init; } = 0.6;

    /// <summary>How far the load swings around its average, as a share of it.</summary>
    public double Swing { get; init; } = 0.2;

    /// <summary>Chance that one auditor is drawn for a task.</summary>
    public double AuditRate { get; init; } = 0.02;

    public int Auditors { get; init; } = 3;

    /// <summary>Share of the machines that die once, each for a while.</summary>
    public double Dying { get; init; } = 0.03;

    public static string[] Regions { get; } = ["eu-north", "eu-south", "us-east", "asia"];

    /// <summary>Cumulative shares of the machines by region.</summary>
    public static double[] Supply { get; } = [0.30, 0.50, 0.80, 1];

    /// <summary>Cumulative shares of the orders that name a region: one is short of machines, one has many.</summary>
    public static double[] Demand { get; } = [0.15, 0.40, 0.65, 1];

    public static string[] Capabilities { get; } = ["cpu", "gpu-24", "gpu-80"];

    /// <summary>Cumulative shares of the machines by capability.</summary>
    public static double[] Kinds { get; } = [0.6, 0.9, 1];

    /// <summary>What each capability costs at first: micro-credits per 10^9 work units.</summary>
    public static ulong[] Prices { get; } = [10_000, 30_000, 90_000];
}
