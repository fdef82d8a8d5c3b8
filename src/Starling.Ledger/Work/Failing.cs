using Starling.Ledger.Answers;
using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.Rents;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Work;

/// <summary>Ends attempts without payment and takes back what was built on them.</summary>
internal static class Failing
{
    /// <summary>
    /// Ends the current attempt. Its price goes back to the job, its bonds are released (the caller takes what is
    /// lost), and all that builds on its result is void. The task waits to be reissued unless its job has stopped.
    /// </summary>
    public static void Lose(Step step, TaskRecord task, AttemptStatus how)
    {
        var shown = task.Current.Claim is not null;
        EndAttempt(step, task, how);
        var job = step.State.Jobs.Get(task.Job);
        var lost = step.State.Tasks.Get(task.Id);
        if (job.Status == JobStatus.Stopping || lost.Answers is not null)
        {
            Void(step, lost, lost.Answers is null ? VoidReason.JobStopped : VoidReason.AnswersLost);
        }
        else
        {
            step.State.Tasks.Put(lost with { Phase = TaskPhase.Lost, LostAt = step.Time });
            Jobs.Reopen(step, task.Job);
        }

        if (shown)
            VoidDescendants(step, task);
        Quorums.Moved(step, lost);
        Jobs.CloseIfDone(step, task.Job);
    }

    /// <summary>
    /// Ends an attempt that was proven wrong or not defended. The task bond is split between reporter, victim and nobody;
    /// workers that built on it are paid out of the stake locked for them beside it (protocol.md, 19 and 20). Auditors
    /// that agreed with it looked at nothing.
    /// </summary>
    /// <param name="step">The batch.</param>
    /// <param name="task">Its current attempt is convicted.</param>
    /// <param name="reporter">Who showed it.</param>
    /// <param name="proven">False where it was only not defended: no machine is to blame for that.</param>
    public static void Convict(Step step, TaskRecord task, NodeId reporter, bool proven = false)
    {
        var attempt = task.Current;
        var harmed = Descendants(step, task);
        Lose(step, task, AttemptStatus.Convicted);
        // Where an audit was not certain, or a quorum might agree on a lie, the bond alone deters: keys that agree on a build
        // could else pause the price of all the lies they have under way by being caught at a few.
        if (proven && Faults.Count(step, attempt) && (attempt.AuditRequired || attempt.AuditPpm >= Ppm.One)
            && step.State.Jobs.Get(task.Job).Order.Quorum == 0)
        {
            Slashing.Exclude(step, attempt.Provider);
            Leasing.DropAll(step, attempt.Provider, DropReason.Convicted);
            return;
        }

        Slashing.Split(
            step, attempt.Provider, attempt.Bond, SlashReason.WrongResult, reporter,
            step.State.Jobs.Get(task.Job).Owner);
        PayHarmed(step, attempt, harmed);
        foreach (var auditor in attempt.Auditors)
            Verdicts.Penalise(step, auditor, 1);
        Slashing.SlashPool(step, attempt.Provider);
        Slashing.Jail(step, attempt.Provider);
        Leasing.DropAll(step, attempt.Provider, DropReason.Convicted);
        MachineLeases.EndAll(step, attempt.Provider);
    }

    /// <summary>
    /// Pays those that built on a convicted result. They may be the liar's other keys, so only after the task bond was
    /// taken and only out of the liar's own stake: what comes back to it so was its own, and the bond is lost.
    /// </summary>
    private static void PayHarmed(Step step, AttemptRecord attempt, List<AttemptRecord> harmed)
    {
        var left = attempt.Cascade;
        foreach (var victim in harmed)
        {
            var due = Tokens.Min(left, Deterrence.InTokens(step.Rules, victim.Pay));
            var taken = Slashing.TakeOwn(step, attempt.Provider, due);
            left -= Slashing.Compensate(
                step, attempt.Provider, victim.Provider, taken, PaymentReason.Compensation);
        }
    }

    /// <summary>Ends a task whose result was planted: its worker did what it was hired for, and nothing builds on it.</summary>
    public static void EndPlanted(Step step, TaskRecord task)
    {
        var attempt = task.Current;
        EndAttempt(step, task, AttemptStatus.Planted);
        VoidDescendants(step, task);
        Void(step, step.State.Tasks.Get(task.Id), VoidReason.Planted);
        var job = step.State.Jobs.Get(task.Job);
        step.State.Jobs.Put(job with { Escrow = job.Escrow - attempt.Pay, Spent = job.Spent + attempt.Pay });
        Purse.Give(step, attempt.Provider, attempt.Pay);
        step.Emit(new Paid(task.Job, task.Id, attempt.Provider, attempt.Pay, PaymentReason.Work));
        Jobs.CloseIfDone(step, task.Job);
    }

    /// <summary>Ends a task for good, with its attempt if one is on its way.</summary>
    public static void Void(Step step, TaskRecord task, VoidReason reason)
    {
        if (task.Current.IsOpen)
        {
            EndAttempt(step, task, AttemptStatus.Void);
        }

        Bracket.Dissolve(step, task.Id);
        task = step.State.Tasks.Get(task.Id);
        var job = step.State.Jobs.Get(task.Job);
        step.State.Tasks.Put(task with { Phase = TaskPhase.Void, Answers = AnswerRules.Kept(step, job, task.Answers) });
        step.State.Jobs.Put(job with
        {
            OpenTasks = job.OpenTasks - 1,
            WorkIssued = job.WorkIssued - task.Issue.Work,
        });
        step.Emit(new TaskVoided(task.Job, task.Id, reason));
    }

    private static void EndAttempt(Step step, TaskRecord task, AttemptStatus how)
    {
        var attempt = task.Current;
        if (attempt.Status == AttemptStatus.Issued)
            Leasing.Finished(step, task);
        var standing = DisputeEnds.Moot(step, attempt, how);
        ChunkRequests.Moot(step, task);
        step.State.Tasks.Put(task.WithCurrent(attempt with
        {
            Status = how,
            Ended = step.Height,
            Dispute = null,
            Rivals = standing,
            Asked = 0,
        }));
        Finality.Release(step, task);
        var job = step.State.Jobs.Get(task.Job);
        var held = attempt.Pay + attempt.Surcharge;
        step.State.Jobs.Put(job with { Reserved = job.Reserved - held, Escrow = job.Escrow + held });
        step.Emit(new AttemptLost(task.Job, task.Id, attempt.Number, attempt.Provider, how));
        step.Emit(new Refunded(task.Job, task.Id, held));
    }

    private static void VoidDescendants(Step step, TaskRecord task)
    {
        foreach (var id in Below(step, task))
        {
            var below = step.State.Tasks.Get(id);
            if (below.Phase is TaskPhase.Live or TaskPhase.Lost)
                Void(step, below, VoidReason.ParentFailed);
        }
    }

    /// <summary>Open attempts that were committed on top of a task's result, nearest first.</summary>
    private static List<AttemptRecord> Descendants(Step step, TaskRecord task)
    {
        var attempts = new List<AttemptRecord>();
        foreach (var id in Below(step, task))
        {
            var below = step.State.Tasks.Get(id);
            if (below.Phase == TaskPhase.Live && below.Current.IsOpen && below.Current.Status != AttemptStatus.Issued)
                attempts.Add(below.Current);
        }

        return attempts;
    }

    /// <summary>All tasks below one, nearest first, each once.</summary>
    private static List<TaskId> Below(Step step, TaskRecord task)
    {
        var found = new List<TaskId>();
        var seen = new HashSet<TaskId> { task.Id };
        var next = new Queue<TaskId>();
        next.Enqueue(task.Id);
        while (next.TryDequeue(out var id))
        {
            foreach (var child in step.State.Index.Children.Of(id))
            {
                if (!seen.Add(child))
                    continue;
                found.Add(child);
                next.Enqueue(child);
            }
        }

        return found;
    }
}
