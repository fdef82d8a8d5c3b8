using Starling.Node.Roles.Auditing;
using Starling.Node.Roles.Providing;

namespace Starling.Host.Local;

/// <summary>What the nodes of a local network ask and stake.</summary>
internal static class LocalTerms
{
    private const ulong Unit = 1_000_000;

    /// <summary>Micro-credits per 10^9 work units: about what a rented core costs for the same work.</summary>
    private const ulong Price = 400;

    private const ulong Stake = 100 * Unit;

    public static AuditorSettings Auditor { get; } = new(Stake);

    /// <summary>
    /// One slot with an even share of this machine's memory. Whoever means to cheat asks a little less, and so is sure to
    /// be hired.
    /// </summary>
    public static ProviderSettings Provider(bool undercuts = false)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        var share = (int)Math.Min(memory / Environment.ProcessorCount, 1 << 20);
        return new ProviderSettings("cpu", "local", 1, share, undercuts ? Price - 1 : Price, Stake);
    }
}
