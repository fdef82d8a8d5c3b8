using Starling.Ledger.Applying;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Messages.Requests;
using Starling.Node.Outbox;
using Starling.Protocol;

namespace Starling.Node.Roles.Gateway;

/// <summary>What became of every transaction of the log, and of those on their way through this node.</summary>
internal sealed class TransactionHistory(LedgerState state, TransactionRelay relay)
{
    private readonly Dictionary<TransactionId, (ulong Height, FailureCode Code)> _outcomes = [];

    public void Observe(AppliedBatch applied)
    {
        foreach (var outcome in applied.Outcomes)
        {
            _outcomes[outcome.Transaction] = (applied.Height, outcome.Code);
            relay.Forget(outcome.Transaction);
        }
    }

    public TransactionStatus Of(TransactionId id)
    {
        if (_outcomes.TryGetValue(id, out var outcome))
            return outcome.Code == FailureCode.None
                ? new TransactionStatus(id, TransactionState.Applied, outcome.Height, null)
                : new TransactionStatus(id, TransactionState.Refused, outcome.Height, outcome.Code.ToString());
        return new TransactionStatus(
            id, relay.Has(id) ? TransactionState.Pending : TransactionState.Unknown, null, null);
    }

    /// <summary>True when another transaction took the nonce of one that is on its way.</summary>
    public bool NonceTaken(Protocol.Transactions.SignedTransaction transaction) =>
        !_outcomes.ContainsKey(transaction.Id)
        && state.Accounts.Find(transaction.Transaction.Sender)?.Nonce > transaction.Transaction.Nonce;
}
