using Starling.Ledger.Records;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Contract;

/// <summary>
/// Plays either side of a dispute by recomputing: what a driver calls to perform <see cref="PlayMove"/>. Pure and slow;
/// called off the role's mailbox.
/// </summary>
public interface IDisputePlayer
{
    /// <param name="spec">The task in dispute.</param>
    /// <param name="claim">The result that the defender showed.</param>
    /// <param name="dispute">Says whose turn it is.</param>
    /// <param name="read">Reads a blob of the local store.</param>
    /// <returns>The move, or why there is none.</returns>
    DisputeMove Play(TaskSpec spec, ResultClaim claim, DisputeRecord dispute, Func<Hash256, byte[]?> read);
}

/// <summary>A move, or the reason that there is none to make.</summary>
public sealed record DisputeMove(TransactionBody? Body, string? Problem);
