using Starling.Ledger.Disputes;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>
/// The state machine: a pure function from a state and a batch to the next state. The same batches give the same roots
/// on every machine. It holds no state of its own and may serve many states, one thread per state.
/// </summary>
/// <param name="signatures">Checks headers and transactions.</param>
/// <param name="referee">Decides disputes below the trace; without it they end by silence only.</param>
public sealed class LedgerMachine(ISignatureScheme signatures, IRefereeProgram? referee = null)
{
    /// <summary>
    /// Applies the next batch. A batch that breaks a rule of the log is refused with a reason and changes nothing; a
    /// transaction that breaks a rule only uses its nonce and pays its fee.
    /// </summary>
    /// <param name="state">Changed in place when the batch is applied.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="signaturesKnownGood">True when <see cref="SignatureCheck"/> passed before.</param>
    /// <param name="latest">The latest time the reader's own clock allows; null to accept any.</param>
    public ApplyResult Apply(
        LedgerState state, Batch batch, bool signaturesKnownGood = false, Timestamp? latest = null)
    {
        var refusal = BatchRules.Check(state, batch, signatures, latest);
        if (refusal == BatchRefusal.None && !signaturesKnownGood
            && !SignatureCheck.AllGood(batch.Transactions, signatures))
            refusal = BatchRefusal.BadTransactionSignature;
        if (refusal != BatchRefusal.None)
            return ApplyResult.Refused(refusal);

        var header = batch.Header.Header;
        var step = new Step(state, header.Height, header.Time, header.Beacon, signatures, referee);
        var (outcomes, before) = RunOrRestore(step, batch.Transactions);
        var tree = state.NextTree();
        if (tree.Root != header.State)
        {
            state.Journal.RollBack(0);
            return ApplyResult.Refused(BatchRefusal.WrongState);
        }

        state.Commit(tree);
        state.History.Append(batch.Header.Hash);
        state.LastHeader = batch.Header.Hash;
        return new ApplyResult(BatchRefusal.None, outcomes, step.Events, before);
    }

    /// <summary>Whatever stops the machine on the way leaves the state as it was: a reader never sees half a batch.</summary>
    private static (Outcome[] Outcomes, int[] EventsBefore) RunOrRestore(Step step, ReadOnlySpan<SignedTransaction> transactions)
    {
        try
        {
            return BatchRun.Run(step, transactions);
        }
        catch
        {
            step.State.Journal.RollBack(0);
            throw;
        }
    }

    /// <summary>
    /// Builds the next batch from transactions whose signatures hold; those whose envelope is not right now are left
    /// out. The state is left as it was: the producer signs, stores and then applies the batch like everyone.
    /// </summary>
    /// <param name="state">The state after the last batch.</param>
    /// <param name="transactions">In the order wanted, at most <see cref="Limits.BatchTransactions"/>.</param>
    /// <param name="time">The producer's clock; the batch's time is never before the last batch's.</param>
    /// <param name="beacon">Link number <c>state.Height + 1</c> of the producer's chain.</param>
    public Proposal Propose(
        LedgerState state, ReadOnlySpan<SignedTransaction> transactions, Timestamp time, Hash256 beacon)
    {
        var height = state.Height + 1;
        var step = new Step(state, height, time < state.Time ? state.Time : time, beacon, signatures, referee);
        try
        {
            var (taken, dropped) = BatchRun.Choose(step, transactions);
            var header = new BatchHeader(
                state.Chain, height, state.LastHeader, step.Time, Batch.RootOf(taken), state.NextTree().Root,
                state.History.Root, beacon, state.Genesis.Producer);
            return new Proposal(header, taken, dropped);
        }
        finally
        {
            state.Journal.RollBack(0);
        }
    }
}
