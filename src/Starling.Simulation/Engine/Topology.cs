using System.Globalization;

namespace Starling.Simulation.Engine;

/// <summary>Where machines stand and who can dial whom.</summary>
public sealed record Topology
{
    /// <summary>Machines stand in so many places.</summary>
    public int Sites { get; init; } = 1;

    /// <summary>Milliseconds that a message between two places takes longer, one way.</summary>
    public int FarMs { get; init; }

    /// <summary>Share of the machines that cannot be dialled; two of them never exchange blobs directly.</summary>
    public double BehindNat { get; init; }

    /// <summary>Whether the transport tells who came within reach and who is gone.</summary>
    public bool TellsPresence { get; init; }

    public int Gateways { get; init; } = 1;

    /// <summary>Nodes that only follow the log.</summary>
    public int Replicas { get; init; }

    public static Topology Draw(SimRandom random) => new()
    {
        Sites = 1 + random.Below(4),
        FarMs = random.Chance(0.5) ? random.Below(150) : 0,
        BehindNat = random.Chance(0.4) ? random.Unit() : 0,
        TellsPresence = random.Chance(0.6),
        Gateways = random.Chance(0.15) ? 2 : 1,
        Replicas = random.Chance(0.2) ? 1 : 0,
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Gateways} gateways, {Replicas} replicas, {Sites} sites {FarMs} ms apart, {BehindNat:P0} behind NAT, ")
        + (TellsPresence ? "presence told" : "presence not told");
}
