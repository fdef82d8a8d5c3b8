using Starling.Ledger.Applying;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Messages.Requests;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Gateway;

/// <summary>
/// Requests that end in the log: carries what others signed to the sequencer, signs what the gateway's own key asks
/// for, and answers each once a batch holds it or never will.
/// </summary>
internal sealed class SubmissionDesk(
    NodeSettings node, LedgerState state, TransactionRelay relay, TransactionHistory history, TransactionOutbox outbox)
{
    private readonly Dictionary<TransactionId, Submission> _carried = [];
    private readonly Dictionary<string, (string Request, Func<TransactionId, NodeResponse> Answer)> _own = [];

    public void SubmitJob(Timestamp now, string request, SignedTransaction transaction, EffectList effects)
    {
        if (transaction.Transaction.Body is not OpenJob order)
            Refuse(request, RequestRefusal.BadTransaction, "the transaction opens no job", effects);
        else if (order.Coordinator != node.Self)
            Refuse(request, RequestRefusal.NotOurs, $"the job names coordinator {order.Coordinator}, not {node.Self}", effects);
        else
            Carry(now, request, transaction, s => OpenedOrRefused(s), effects);
    }

    public void SubmitRaw(Timestamp now, string request, SignedTransaction transaction, EffectList effects) =>
        Carry(now, request, transaction, static s => s, effects);

    public void SubmitOrder(Timestamp now, string request, OpenJob order, EffectList effects)
    {
        if (order.Coordinator != node.Self)
            Refuse(request, RequestRefusal.NotOurs, $"the job names coordinator {order.Coordinator}, not {node.Self}", effects);
        else
            Own(now, $"order/{order.Spec}/{now.Milliseconds}/{request}", request, order, id => new JobOpened(new JobId(id.Hash)), effects);
    }

    public void StopJob(Timestamp now, string request, JobId job, Func<NodeResponse> answer, EffectList effects)
    {
        if (state.Jobs.Find(job) is not { } record)
            Refuse(request, RequestRefusal.UnknownJob, $"no job {job}", effects);
        else if (record.Owner != node.Self)
            Refuse(request, RequestRefusal.NotOurs, $"job {job.Short} belongs to {record.Owner}: its owner's key must sign", effects);
        else
            Own(now, $"cancel/{job}", request, new CancelJob(job), _ => answer(), effects);
    }

    /// <summary>A transaction of the gateway's own key is in a batch.</summary>
    public void Settled(string purpose, SignedTransaction transaction, Outcome outcome, EffectList effects)
    {
        if (!_own.Remove(purpose, out var waiting))
            return;
        if (outcome.Succeeded)
            effects.Add(new Reply(waiting.Request, waiting.Answer(transaction.Id)));
        else
            Refuse(waiting.Request, RequestRefusal.RefusedByLedger, $"the ledger refuses: {outcome.Code}", effects);
    }

    /// <summary>The sequencer does not queue a transaction.</summary>
    public void Refused(RefuseTransaction refusal, EffectList effects)
    {
        if (refusal.Reason is SubmitRefusal.WrongChain or SubmitRefusal.BadSignature or SubmitRefusal.Expired)
            GiveUp(refusal.Transaction, $"the sequencer refuses: {refusal.Reason}", effects);
    }

    /// <summary>Answers those that a batch now holds, or that can never be in one.</summary>
    public void Act(EffectList effects)
    {
        foreach (var (id, submission) in _carried.ToArray())
        {
            var status = history.Of(id);
            if (status.State is TransactionState.Applied or TransactionState.Refused)
                Answer(id, status, effects);
            else if (history.NonceTaken(submission.Transaction))
                GiveUp(id, "another transaction of its sender has its nonce", effects);
        }
    }

    public void Resend(Timestamp now, EffectList effects)
    {
        foreach (var id in relay.Resend(now, state.Time, effects))
            Answer(id, new TransactionStatus(id, TransactionState.Expired, null, null), effects);
    }

    private void Carry(
        Timestamp now, string request, SignedTransaction transaction, Func<TransactionStatus, NodeResponse> answer,
        EffectList effects)
    {
        if (Problem(now, transaction) is { } problem)
            Refuse(request, RequestRefusal.BadTransaction, problem, effects);
        else if (!relay.Add(now, transaction, effects))
            Refuse(request, RequestRefusal.Busy, "too many transactions are on their way", effects);
        else if (_carried.TryGetValue(transaction.Id, out var known))
            known.Requests.Add((request, answer));
        else
            _carried.Add(transaction.Id, new Submission(transaction, [(request, answer)]));
    }

    private string? Problem(Timestamp now, SignedTransaction transaction)
    {
        if (transaction.Transaction.Chain != state.Chain)
            return $"it is for chain {transaction.Transaction.Chain}, not {state.Chain}";
        if (history.Of(transaction.Id).State is TransactionState.Applied or TransactionState.Refused)
            return null;
        if (transaction.Transaction.ValidUntil < now)
            return $"its last valid time {transaction.Transaction.ValidUntil} has passed";
        return transaction.Verify(node.Scheme) ? null : "its signature does not hold";
    }

    private void Own(
        Timestamp now, string purpose, string request, TransactionBody body, Func<TransactionId, NodeResponse> answer,
        EffectList effects)
    {
        if (outbox.Submit(now, purpose, body, effects))
            _own[purpose] = (request, answer);
        else
            Refuse(request, RequestRefusal.Busy, "too many transactions are on their way", effects);
    }

    private void Answer(TransactionId id, TransactionStatus status, EffectList effects)
    {
        if (!_carried.Remove(id, out var submission))
            return;
        foreach (var (request, answer) in submission.Requests)
            effects.Add(new Reply(request, answer(status)));
    }

    private void GiveUp(TransactionId id, string reason, EffectList effects)
    {
        relay.Forget(id);
        if (!_carried.Remove(id, out var submission))
            return;
        foreach (var (request, _) in submission.Requests)
            Refuse(request, RequestRefusal.BadTransaction, reason, effects);
    }

    private static NodeResponse OpenedOrRefused(TransactionStatus status) => status.State switch
    {
        TransactionState.Applied => new JobOpened(new JobId(status.Id.Hash)),
        TransactionState.Expired => new RequestRefused(RequestRefusal.BadTransaction, "its last valid time has passed"),
        _ => new RequestRefused(RequestRefusal.RefusedByLedger, $"the ledger refuses: {status.Code}"),
    };

    private static void Refuse(string request, RequestRefusal code, string reason, EffectList effects) =>
        effects.Add(new Reply(request, new RequestRefused(code, reason)));

    private sealed record Submission(
        SignedTransaction Transaction, List<(string Request, Func<TransactionStatus, NodeResponse> Answer)> Requests);
}
