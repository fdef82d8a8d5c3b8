using Starling.Arithmetic.Catalogue;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Disputes;

/// <summary>A move of a dispute, or the reason that there is none to make.</summary>
public sealed record DisputeStep(TransactionBody? Body, string? Problem);

/// <summary>Plays either side of a dispute honestly, by recomputing the task. Pure and slow.</summary>
public static class DisputePlay
{
    /// <param name="spec">The task in dispute.</param>
    /// <param name="claim">The result that the defender showed.</param>
    /// <param name="dispute">Says whose turn it is and how far the search has come.</param>
    /// <param name="read">Reads a blob of the local store.</param>
    /// <param name="backend">Runs the task's operators.</param>
    public static DisputeStep Next(
        TaskSpec spec, ResultClaim claim, DisputeRecord dispute, Func<Hash256, byte[]?> read, IBackend backend)
    {
        using var side = ReplayedSide.Open(spec, read, backend, out var problem);
        if (side is null)
            return new DisputeStep(null, problem);
        try
        {
            TransactionBody body = dispute.Turn == DisputeTurn.Defender
                ? Defender.Move(side, claim, dispute)
                : Challenger.Move(side, claim, dispute);
            return new DisputeStep(body, null);
        }
        catch (Exception e) when (e is RefusedOpening or InvalidOperationException)
        {
            // The result is not what this machine computes: it has nothing to show for it.
            return new DisputeStep(null, e.Message);
        }
    }
}
