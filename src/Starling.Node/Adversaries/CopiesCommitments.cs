using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Adversaries;

/// <summary>
/// Commits to what another worker committed to, hoping to show the same result later without computing. Caught by the
/// commitment itself: it binds chain, task, worker and a salt, so the copy can never be opened, and what is not shown in
/// time costs the whole bond.
/// </summary>
/// <param name="honest">The provider.</param>
/// <param name="node">Its key signs the copy.</param>
public sealed class CopiesCommitments(IRole honest, NodeSettings node) : Adversary(honest)
{
    private readonly Dictionary<CommitResult, ulong> _copied = [];

    private protected override void Say(Timestamp now, Effect effect, EffectList effects)
    {
        if (effect is Send { Message: SubmitTransaction { Transaction.Transaction: { Body: CommitResult own } said } } send
            && IsFirst(own, said.Nonce))
            effects.Add(send with
            {
                Message = new SubmitTransaction(SignedTransaction.Sign(said with { Body = Copy(own) }, node.Signer)),
            });
        else
            effects.Add(effect);
    }

    /// <summary>The outbox, which knows nothing of the copy, commits again under the next nonce: that fails by itself.</summary>
    private bool IsFirst(CommitResult own, ulong nonce) => _copied.TryAdd(own, nonce) || _copied[own] == nonce;

    private CommitResult Copy(CommitResult own)
    {
        var other = Node.State.Tasks.InOrder().SelectMany(t => t.Attempts).FirstOrDefault(
            a => a.Provider != node.Self && a.Commitment is not null);
        return other?.Commitment is { } commitment ? own with { Commitment = commitment } : own;
    }
}
