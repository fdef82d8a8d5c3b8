using System.Net;
using Starling.Host.Local;
using Starling.Host.Serving;
using Starling.Host.Storage.Postgres;
using Starling.Protocol.Identity;

namespace Starling.Host.Processes;

/// <summary>Everything that can be set about a node's process. Amounts are millionths.</summary>
/// <param name="Role">What it does.</param>
public sealed record NodeConfig(NodeRole Role)
{
    /// <summary>Where peers may dial it; null for a node that only dials out.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Addresses by which others reach it.</summary>
    public IReadOnlyList<string> Advertise { get; init; } = [];

    /// <summary>Addresses to dial, beside those that the folder was given when it joined.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Port of a gateway's API on this machine; 0 for any free one.</summary>
    public int ApiPort { get; init; } = DefaultApiPort;

    /// <summary>Tasks at once.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>A provider's ask: micro-credits per 10^9 work units; null for the usual one.</summary>
    public ulong? Price { get; init; }

    /// <summary>Leases at once.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>MiB for each lease; null for an even share of what there is.</summary>
    public int? MemoryMiB { get; init; }

    /// <summary>Answers that a provider makes at the same time where it serves a model; twice as many may wait.</summary>
    public int Answers { get; init; } = ServingLimits.Usual.Slots;

    public string Capability { get; init; } = "cpu";

    public string Region { get; init; } = "local";

    /// <summary>Micro-tokens to keep at stake, as far as the account reaches; null for the usual amount.</summary>
    public ulong? Stake { get; init; }

    /// <summary>Who answers disputes about a provider's results while it sleeps; null for nobody.</summary>
    public NodeId? Defender { get; init; }

    /// <summary>Bytes of blobs a second that it sends, all peers together.</summary>
    public long UploadBytesPerSecond { get; init; } = 1L << 30;

    /// <summary>Batches from one snapshot of the ledger's state to the next; 0 for none.</summary>
    public int SnapshotEvery { get; init; } = LocalNode.SnapshotEvery;

    /// <summary>The database that holds a sequencer's log; null for the file in its folder.</summary>
    public PostgresAddress? Log { get; init; }

    public const int DefaultApiPort = 4680;

    public const int DefaultPort = 4690;
}
