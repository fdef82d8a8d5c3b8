using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Simulation.Market;

/// <summary>One attempt at a task of the round in hand, with what its worker did.</summary>
public sealed class MarketTask(TaskId id, int provider, NodeId worker, double price)
{
    public TaskId Id { get; } = id;

    /// <summary>Index of the provider.</summary>
    public int Provider { get; } = provider;

    public NodeId Worker { get; } = worker;

    /// <summary>What it pays, in prices of a whole task; computing it costs in proportion.</summary>
    public double Price { get; } = price;

    /// <summary>The result, once computed.</summary>
    public ResultClaim? Claim { get; set; }

    public int FirstWrong { get; set; }

    public ulong Lie { get; set; }

    /// <summary>Whether the worker meant to lie.</summary>
    public bool IsLie { get; set; }

    /// <summary>Whether the result shown is the one that an honest machine gives.</summary>
    public bool IsTrue { get; set; }

    /// <summary>Whether the worker sent its result; it sends it once.</summary>
    public bool Shown { get; set; }

    public bool Ended { get; set; }

    /// <summary>The chance, by the formula, that an honest auditor is drawn.</summary>
    public double Predicted { get; set; }
}
