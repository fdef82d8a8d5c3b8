using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Work;

/// <summary>Tasks enter the ledger with ids that follow from the plan, and go to leased providers only.</summary>
internal static class Issuing
{
    /// <summary>Children of one task; bounds what a conviction has to walk.</summary>
    private const int MaxChildren = 1_024;

    public static FailureCode Issue(Step step, IssueTasks body)
    {
        if (step.State.Jobs.Find(body.Job) is not { } job)
            return FailureCode.UnknownJob;
        if (job.Status != JobStatus.Open)
            return FailureCode.JobNotOpen;
        if (step.Sender != job.Order.Coordinator)
            return FailureCode.NotCoordinator;
        foreach (var issue in body.Tasks)
        {
            var code = IssueOne(step, job.Id, issue);
            if (code != FailureCode.None)
                return code;
        }

        return FailureCode.None;
    }

    public static FailureCode Reissue(Step step, ReissueTask body)
    {
        if (step.State.Tasks.Find(body.Task) is not { } task)
            return FailureCode.UnknownTask;
        var job = step.State.Jobs.Get(task.Job);
        if (job.Status != JobStatus.Open)
            return FailureCode.JobNotOpen;
        if (task.Phase != TaskPhase.Lost)
            return FailureCode.TaskNotLost;
        if (step.Sender != job.Order.Coordinator && step.Time < task.LostAt.After(step.Rules.ReissueMs))
            return FailureCode.NotCoordinator;
        if (task.Attempts.Length == TaskRecord.MaxAttempts)
            return FailureCode.TooManyAttempts;
        if (RootsOf(step, job.Id, task.Issue.Parents, out _) is var code and not FailureCode.None)
            return code;
        var started = Attempting.Start(step, task, body.Provider);
        if (started == FailureCode.None)
            PayTheGap(step, job, task.Current, step.State.Tasks.Get(task.Id).Current);
        return started;
    }

    /// <summary>Whoever did not show up pays what its replacement costs more, up to its bond (protocol.md, 23).</summary>
    private static void PayTheGap(Step step, JobRecord job, AttemptRecord missed, AttemptRecord next)
    {
        if (missed.Status != AttemptStatus.TimedOut || missed.Commitment is not null || next.Pay <= missed.Pay)
            return;
        var gap = Tokens.Min(Deterrence.InTokens(step.Rules, next.Pay - missed.Pay), missed.Bond);
        var taken = Slashing.Take(step, missed.Provider, gap);
        if (taken == Tokens.Zero)
            return;
        Slashing.Compensate(step, missed.Provider, job.Owner, taken, PaymentReason.Compensation);
        step.Emit(new Slashed(missed.Provider, SlashReason.NoShow, taken, Tokens.Zero));
    }

    private static FailureCode IssueOne(Step step, JobId jobId, TaskIssue issue)
    {
        if (issue.Work == 0)
            return FailureCode.ZeroAmount;
        var code = RootsOf(step, jobId, issue.Parents, out var roots);
        if (code != FailureCode.None)
            return code;
        var id = Derived.TaskId(jobId, issue.Node, roots);
        var old = step.State.Tasks.Find(id);
        if (old is not null && old.Phase != TaskPhase.Void)
            return FailureCode.TaskExists;
        if (old is { Attempts.Length: TaskRecord.MaxAttempts })
            return FailureCode.TooManyAttempts;
        var job = step.State.Jobs.Get(jobId);
        if (issue.Work > job.Order.WorkLimit - job.WorkIssued)
            return FailureCode.WorkLimitExceeded;

        step.State.Jobs.Put(job with
        {
            WorkIssued = job.WorkIssued + issue.Work,
            Tasks = job.Tasks + (old is null ? 1 : 0),
            OpenTasks = job.OpenTasks + 1,
        });
        var task = new TaskRecord(id, jobId, issue, TaskPhase.Lost, step.Time, old?.Attempts ?? []);
        return Attempting.Start(step, task, issue.Provider);
    }

    /// <summary>The parents' roots, in order; all must be shown and none failed.</summary>
    private static FailureCode RootsOf(Step step, JobId job, TaskId[] parents, out Hash256[] roots)
    {
        roots = new Hash256[parents.Length];
        for (var i = 0; i < parents.Length; i++)
        {
            if (step.State.Tasks.Find(parents[i]) is not { } parent || parent.Job != job)
                return FailureCode.UnknownParent;
            if (parent.Result is not { } claim)
                return FailureCode.ParentNotShown;
            if (parent.Issue.Graph.IsZero && !parent.Issue.Steering)
                return FailureCode.ParentUndecided;
            if (parent.Issue.Steering && !IsConfirmed(step, parent.Current))
                return FailureCode.ParentNotAudited;
            if (step.State.Index.Children.CountOf(parents[i]) >= MaxChildren)
                return FailureCode.TooManyChildren;
            roots[i] = claim.Root();
        }

        return FailureCode.None;
    }

    /// <summary>
    /// protocol.md, 8: as many auditors as the rules ask for have recomputed it to the same root, or all there are but
    /// its own worker. A job that asks for no audits has none to wait for.
    /// </summary>
    private static bool IsConfirmed(Step step, AttemptRecord attempt)
    {
        if (step.Rules.SteeringAuditors == 0 || !attempt.AuditRequired)
            return true;
        var others = step.State.Auditors.Count - (step.State.Auditors.Find(attempt.Provider) is null ? 0 : 1);
        return attempt.Auditors.Length >= Math.Min(step.Rules.SteeringAuditors, others);
    }
}
