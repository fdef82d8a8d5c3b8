using Starling.Node.Contract;

namespace Starling.Simulation.World;

/// <summary>Where a test puts a bug into a simulated network. Nothing of this exists in a real node.</summary>
public sealed record Seams
{
    public static Seams None { get; } = new();

    /// <summary>Replaces or wraps the role of a node by name, at every start of it.</summary>
    public Func<SimulatedNetwork, string, IRole, IRole>? Wrap { get; init; }

    /// <summary>Prepares the machines.</summary>
    public Action<SimulatedNetwork>? Prepare { get; init; }

    /// <summary>Alters a snapshot on its way to the disk.</summary>
    public Func<byte[], byte[]>? Snapshot { get; init; }

    /// <summary>Clients sign a payment once more when nobody answers.</summary>
    public bool PaysAnew { get; init; }
}
