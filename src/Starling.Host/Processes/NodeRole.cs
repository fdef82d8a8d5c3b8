namespace Starling.Host.Processes;

/// <summary>What one process does for a network.</summary>
public enum NodeRole
{
    /// <summary>Orders the log: there is one, whose key the genesis names.</summary>
    Sequencer = 1,

    /// <summary>Serves developers and coordinates their jobs.</summary>
    Gateway = 2,

    /// <summary>Replays the log, checks it and serves it to others.</summary>
    Replica = 3,

    /// <summary>Lends its machine.</summary>
    Provider = 4,

    /// <summary>Re-checks work.</summary>
    Auditor = 5,
}
