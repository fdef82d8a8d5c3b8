using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Adversaries;

/// <summary>
/// Commits, shows and moves only when a deadline is near. Costs everyone time and itself the hire of its machine;
/// nothing is punished, and every deadline bounds what it can hold up.
/// </summary>
/// <param name="honest">The role.</param>
/// <param name="marginMs">What it leaves of a deadline: more than the time between two attempts to send.</param>
public sealed class StallsMoves(IRole honest, int marginMs = 4_000) : Adversary(honest)
{
    private protected override void Say(Timestamp now, Effect effect, EffectList effects)
    {
        if (effect is Send { Message: SubmitTransaction { Transaction.Transaction.Body: { } said } }
            && DueOf(said) is { } due && now.After(marginMs) < due)
            return;
        effects.Add(effect);
    }

    /// <summary>The deadline that a transaction has to meet; null where it has none.</summary>
    private Timestamp? DueOf(TransactionBody body) => body switch
    {
        CommitResult commit => Node.State.Tasks.Find(commit.Task)?.Current.Due,
        RevealResult reveal => Node.State.Tasks.Find(reveal.Task)?.Current.Due,
        PostClaims post => Node.State.Disputes.Find(post.Dispute)?.Due,
        ChooseClaim choose => Node.State.Disputes.Find(choose.Dispute)?.Due,
        OpenInputs open => Node.State.Disputes.Find(open.Dispute)?.Due,
        CommitVerdicts verdicts => Node.State.Epochs.Find(verdicts.Epoch)?.Due,
        RevealVerdicts verdicts => Node.State.Epochs.Find(verdicts.Epoch)?.Due,
        _ => null,
    };
}
