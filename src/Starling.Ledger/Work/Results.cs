using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Work;

/// <summary>A worker binds itself to a result, shows it, or takes it back before the draw is known.</summary>
internal static class Results
{
    public static FailureCode Commit(Step step, CommitResult body)
    {
        if (Find(step, body.Task, body.Attempt, out var task) is var code and not FailureCode.None)
            return code;
        var attempt = task.Current;
        if (task.Phase != TaskPhase.Live || attempt.Status != AttemptStatus.Issued)
            return FailureCode.AttemptNotIssued;
        attempt = attempt with
        {
            Status = AttemptStatus.Committed,
            Commitment = body.Commitment,
            Committed = step.Height,
            Due = step.Time.After(step.Rules.RevealMs),
        };
        var job = step.State.Jobs.Get(task.Job);
        if (job.Order.Quorum > 0)
            attempt = attempt with { Due = Quorums.Far(step, job) };
        task = task.WithCurrent(attempt);
        if (attempt.AuditPpm > 0 || attempt.AuditRequired)
            task = task.WithCurrent(attempt with { Epoch = Epochs.Enter(step, task) });
        step.State.Tasks.Put(task);
        Leasing.Finished(step, task);
        step.Emit(new ResultCommitted(task.Job, task.Id, attempt.Number, attempt.Provider, task.Current.Epoch));
        Quorums.Moved(step, task);
        return FailureCode.None;
    }

    public static FailureCode Reveal(Step step, RevealResult body)
    {
        if (Find(step, body.Task, body.Attempt, out var task) is var code and not FailureCode.None)
            return code;
        var attempt = task.Current;
        if (task.Phase != TaskPhase.Live || attempt.Status != AttemptStatus.Committed)
            return FailureCode.AttemptNotCommitted;
        if (Quorums.IsSealed(step.State, task))
            return FailureCode.QuorumSealed;
        // A task without steps has no trace. That of a fault ends with a state and the values of the step after it.
        if (body.Claim.TraceLength is < 0 or > Limits.Claims || body.Claim.TraceLength == 0 != body.Claim.Trace.IsZero
            || (body.Claim.Fault > 0 && (body.Claim.Outputs.Length != 1 || body.Claim.TraceLength < 2)))
            return FailureCode.MalformedClaim;
        var root = body.Claim.Root();
        var commitment = Derived.Commitment(
            step.State.Chain, task.Id, attempt.Number, attempt.Provider, body.Salt, root);
        if (commitment != attempt.Commitment)
            return FailureCode.CommitmentMismatch;

        attempt = attempt with { Status = AttemptStatus.Revealed, Claim = body.Claim, Revealed = step.Height };
        step.Emit(new ResultRevealed(task.Job, task.Id, attempt.Number, attempt.Provider, root));
        task = task.WithCurrent(attempt);
        step.State.Tasks.Put(task);
        if (step.State.Jobs.Get(task.Job).Order.Quorum > 0)
            Quorums.Moved(step, task);
        else if (attempt.Epoch is null)
            Finality.AuditsOver(step, task, auditorMissed: false);
        Bracket.Meet(step, task.Id);
        return FailureCode.None;
    }

    public static FailureCode Retract(Step step, RetractResult body)
    {
        if (Find(step, body.Task, body.Attempt, out var task) is var code and not FailureCode.None)
            return code;
        var attempt = task.Current;
        if (task.Phase != TaskPhase.Live || attempt.Status is AttemptStatus.Issued || !attempt.IsOpen)
            return FailureCode.AttemptNotCommitted;
        if (step.Height >= attempt.Committed + Draws.BeaconDelay || attempt.Dispute is not null)
            return FailureCode.DrawKnown;
        Failing.Lose(step, task, AttemptStatus.Retracted);
        if (step.Rules.StakeRequired)
        {
            var price = Deterrence.InTokens(step.Rules, Ppm.Of(attempt.Pay, step.Rules.RetractPpm));
            Slashing.Burn(step, attempt.Provider, price, SlashReason.Retracted);
        }

        return FailureCode.None;
    }

    private static FailureCode Find(Step step, Protocol.TaskId id, int number, out TaskRecord task)
    {
        task = step.State.Tasks.Find(id)!;
        if (task is null)
            return FailureCode.UnknownTask;
        if (task.Current.Number != number)
            return FailureCode.WrongAttempt;
        return task.Current.Provider == step.Sender ? FailureCode.None : FailureCode.NotWorker;
    }
}
