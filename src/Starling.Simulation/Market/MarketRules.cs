using Starling.Protocol.Genesis;

namespace Starling.Simulation.Market;

/// <summary>The local rules, with what an experiment holds fixed.</summary>
public static class MarketRules
{
    private const ulong Whole = 1_000_000;

    /// <summary>
    /// The local rules where many tasks fit a lease and a convicted key may try again at once, so that one key gives
    /// many trials. Neither changes what is drawn or what a task's bond is.
    /// </summary>
    public static Rules Fast { get; } = Rules.Local with
    {
        SlowRate = 1_000_000_000,
        TasksPerLease = 1_000,
        TombstoneAfter = 1_000,
        JailMs = 1,
        ExclusionMs = 1,
        EpochMs = 100,
    };

    /// <summary>Every audited provider is drawn at one rate, however much it has at stake.</summary>
    public static Rules AtRate(double rate) => Fast with
    {
        AuditFloorPpm = (ulong)Math.Round(rate * Whole),
        AuditSlopePpm = 0,
    };

    /// <summary>As <see cref="AtRate"/>, and a task's bond is a multiple of its price instead of the formula's.</summary>
    public static Rules AtRateAndBond(double rate, double bond) => AtRate(rate) with
    {
        GainPpm = 0,
        MinBondPpm = (ulong)Math.Round(bond * Whole),
    };
}
