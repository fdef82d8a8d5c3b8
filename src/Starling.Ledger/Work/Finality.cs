using Starling.Ledger.Answers;
using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Work;

/// <summary>
/// A result is final when its epoch's reveals are in, the challenge window has closed with no dispute open, and all it
/// builds on is final. Only then is anybody paid.
/// </summary>
internal static class Finality
{
    private const int MaxEntering = 64;

    /// <summary>
    /// The audits of a shown result are over: the challenge window starts, or, where a verdict is still owed, the
    /// result is drawn again in the next epoch.
    /// </summary>
    public static void AuditsOver(Step step, TaskRecord task, bool auditorMissed)
    {
        var attempt = task.Current;
        var owed = attempt.Auditors.Length == 0 && (attempt.AuditRequired || auditorMissed);
        if (owed && attempt.Epoch is not null && attempt.Redraws < step.Rules.Redraws && Epochs.Enter(step, task) is { } epoch)
        {
            step.State.Tasks.Put(task.WithCurrent(attempt with { Epoch = epoch, Redraws = attempt.Redraws + 1 }));
            return;
        }

        if (attempt.AuditRequired && attempt.Auditors.Length == 0)
        {
            Await(step, task);
            return;
        }

        OpenWindow(step, task);
    }

    /// <summary>
    /// A result that must be audited waits for an auditor. At its job's deadline it is settled as it is: its worker is
    /// paid, nobody's audit is, and its level stays below final (protocol.md, 6).
    /// </summary>
    private static void Await(Step step, TaskRecord task)
    {
        var deadline = step.State.Jobs.Get(task.Job).Order.Deadline;
        var due = step.Time.After(step.Rules.ChallengeMs);
        step.State.Tasks.Put(task.WithCurrent(task.Current with
        {
            Status = AttemptStatus.Unaudited,
            Epoch = null,
            Due = deadline > due ? deadline : due,
        }));
    }

    /// <summary>An auditor is there again: results that wait for one enter its epoch, a bounded number per batch.</summary>
    public static void EnterWaiting(Step step)
    {
        if (step.State.Index.Unaudited.Count == 0 || step.State.Auditors.Count == 0)
            return;
        foreach (var id in step.State.Index.Unaudited.Take(MaxEntering).ToArray())
        {
            var task = step.State.Tasks.Get(id);
            if (Epochs.Enter(step, task) is not { } epoch)
                return;
            step.State.Tasks.Put(task.WithCurrent(task.Current with { Status = AttemptStatus.Revealed, Epoch = epoch }));
        }
    }

    internal static void OpenWindow(Step step, TaskRecord task)
    {
        step.State.Tasks.Put(task.WithCurrent(task.Current with
        {
            Status = AttemptStatus.Audited,
            Due = step.Time.After(step.Rules.ChallengeMs),
        }));
    }

    /// <summary>The challenge window of a result has closed.</summary>
    public static void WindowOver(Step step, TaskRecord task)
    {
        foreach (var parent in task.Issue.Parents)
        {
            if (step.State.Tasks.Get(parent).Phase == TaskPhase.Final)
                continue;
            step.State.Tasks.Put(task.WithCurrent(task.Current with { Status = AttemptStatus.Waiting }));
            return;
        }

        Settle(step, task);
    }

    /// <summary>Makes a result final, and then those that waited for nothing else.</summary>
    private static void Settle(Step step, TaskRecord first)
    {
        var ready = new Queue<TaskRecord>();
        ready.Enqueue(first);
        while (ready.TryDequeue(out var task))
        {
            Pay(step, task);
            foreach (var id in step.State.Index.Children.Of(task.Id))
            {
                var child = step.State.Tasks.Get(id);
                if (child.Phase == TaskPhase.Live && child.Current is { Status: AttemptStatus.Waiting, Dispute: null, Asked: 0 }
                    && Array.TrueForAll(child.Issue.Parents, p => step.State.Tasks.Get(p).Phase == TaskPhase.Final))
                    ready.Enqueue(child);
            }
        }
    }

    private static void Pay(Step step, TaskRecord task)
    {
        var attempt = task.Current;
        step.State.Tasks.Put(task.WithCurrent(attempt with { Status = AttemptStatus.Final, Ended = step.Height })
            with
        {
            Phase = TaskPhase.Final,
            Answers = AnswerRules.Kept(step, step.State.Jobs.Get(task.Job), task.Answers),
        });
        Release(step, task);
        var own = EarningIn.Fill(
            step, task.Job, attempt.Provider, Pools.Share(step, task.Job, attempt.Provider, attempt.Pay));
        Purse.Give(step, attempt.Provider, own);
        step.Emit(new Paid(task.Job, task.Id, attempt.Provider, own, PaymentReason.Work));
        var toAuditors = PayAuditors(step, task, attempt);
        var job = step.State.Jobs.Get(task.Job);
        step.State.Jobs.Put(job with
        {
            Reserved = job.Reserved - attempt.Pay - attempt.Surcharge,
            Escrow = job.Escrow + attempt.Surcharge - toAuditors,
            Spent = job.Spent + attempt.Pay + toAuditors,
            OpenTasks = job.OpenTasks - 1,
        });
        Grants.Spent(step, job.Owner, attempt.Pay + toAuditors);
        step.Emit(new TaskFinal(task.Job, task.Id, attempt.Number, attempt.Provider, attempt.Auditors.Length));
        Trust(step, attempt);
        Jobs.CloseIfDone(step, task.Job);
    }

    private static Credits PayAuditors(Step step, TaskRecord task, AttemptRecord attempt)
    {
        var share = attempt.AuditShare;
        if (share == Credits.Zero)
            return share;
        foreach (var auditor in attempt.Auditors)
        {
            Purse.Give(step, auditor, share);
            step.Emit(new Paid(task.Job, task.Id, auditor, share, PaymentReason.Audit));
        }

        return attempt.AuditPay;
    }

    private static void Trust(Step step, AttemptRecord attempt)
    {
        var stake = step.Stake(attempt.Provider) with { NoShows = 0 };
        if (attempt.Auditors.Length > 0)
        {
            var fees = Credits.Min(stake.AuditedFees + attempt.Pay, new Credits(step.Rules.MaxSupply));
            stake = stake with { AuditedFees = fees, LastAudited = step.Time };
        }

        step.State.Stakes.Put(stake);
    }

    /// <summary>Nothing stands behind the attempt any more.</summary>
    internal static void Release(Step step, TaskRecord task)
    {
        var attempt = task.Current;
        Bonding.Unlock(step, attempt.Provider, attempt.Bond + attempt.Cascade);
        var stake = step.Stake(attempt.Provider);
        step.State.Stakes.Put(stake with { Exposure = stake.Exposure - attempt.Pay - (task.Answers?.Unredeemed ?? Credits.Zero) });
    }
}
