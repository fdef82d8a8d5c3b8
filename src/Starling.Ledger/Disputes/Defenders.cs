using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>Who may move for a worker (protocol.md, 14): itself, and the key that it named.</summary>
internal static class Defenders
{
    public static FailureCode Name(Step step, NameDefender body)
    {
        if (body.Defender == step.Sender)
            return FailureCode.NotAllowed;
        // Whoever has nothing at stake and offers nothing has nothing to defend.
        if (step.State.Stakes.Find(step.Sender) is not { } stake)
            return FailureCode.StakeShort;
        step.State.Stakes.Put(stake with { Defender = body.Defender });
        return FailureCode.None;
    }

    /// <summary>Whether a key may make the move that a dispute waits for. Nobody plays both sides.</summary>
    public static bool MayMove(Step step, DisputeRecord dispute, NodeId sender) => dispute.Turn == DisputeTurn.Challenger
        ? sender == dispute.Challenger
        : sender == dispute.Defender
            || (sender != dispute.Challenger && sender == step.Stake(dispute.Defender).Defender);
}
