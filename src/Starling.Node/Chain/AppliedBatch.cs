using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Protocol.Batches;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Chain;

/// <summary>A batch that the ledger took, and what it did.</summary>
public sealed record AppliedBatch(Batch Batch, IReadOnlyList<Outcome> Outcomes, IReadOnlyList<LedgerEvent> Events)
{
    public ulong Height => Batch.Header.Header.Height;

    /// <summary>The transactions of one sender with what became of each.</summary>
    public IEnumerable<(SignedTransaction Transaction, Outcome Outcome)> Own(NodeId sender)
    {
        for (var i = 0; i < Outcomes.Count; i++)
            if (Batch.Transactions[i].Transaction.Sender == sender)
                yield return (Batch.Transactions[i], Outcomes[i]);
    }
}
