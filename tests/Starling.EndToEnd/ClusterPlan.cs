using Starling.Tests.Host.Storage;

namespace Starling.EndToEnd;

/// <summary>Who is in a network of processes.</summary>
/// <param name="Providers">How many lend their machine.</param>
/// <param name="Auditors">How many re-check.</param>
/// <param name="Database">Holds the sequencer's log, beside which a second sequencer stands by; null for a file.</param>
/// <param name="SnapshotEvery">Batches from one snapshot to the next; null for the usual number.</param>
/// <param name="Namespaces">One for each process; null to run all on the loopback interface.</param>
internal sealed record ClusterPlan(
    int Providers = 3, int Auditors = 2, PostgresServer? Database = null, int? SnapshotEvery = null,
    Namespaces? Namespaces = null);

/// <summary>What may happen to a process.</summary>
internal enum Fault
{
    /// <summary>SIGKILL; it is started again by whoever looks after it.</summary>
    Killed = 1,

    /// <summary>SIGSTOP, then SIGCONT, as when a laptop sleeps.</summary>
    Stopped = 2,

    /// <summary>Its cable is pulled, then put back. Only where it has a namespace of its own.</summary>
    CutOff = 3,
}
