using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Market;

/// <summary>Jobs from order to close. A job closes when it is to end and none of its tasks is open.</summary>
internal static class Jobs
{
    public static FailureCode Open(Step step, OpenJob body)
    {
        if (body.Escrow == 0 || body.WorkLimit == 0)
            return FailureCode.ZeroAmount;
        if (body.Deadline <= step.Time)
            return FailureCode.DeadlinePassed;
        if (!Purse.TryTake(step, step.Sender, new Credits(body.Escrow)))
            return FailureCode.CreditsShort;
        var network = step.State.Network;
        step.State.SetNetwork(network with { NextJob = network.NextJob + 1 });
        var id = new JobId(step.Transaction.Hash);
        step.State.Jobs.Put(new JobRecord(id, network.NextJob, step.Sender, body, step.Height)
        {
            Escrow = new Credits(body.Escrow),
        });
        step.Emit(new JobOpened(id, step.Sender));
        step.MarketChanged();
        return FailureCode.None;
    }

    public static FailureCode TopUp(Step step, TopUpJob body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (step.State.Jobs.Find(body.Job) is not { } job)
            return FailureCode.UnknownJob;
        if (job.Status != JobStatus.Open)
            return FailureCode.JobNotOpen;
        if (!Purse.TryTake(step, step.Sender, new Credits(body.Micro)))
            return FailureCode.CreditsShort;
        step.State.Jobs.Put(job with { Escrow = job.Escrow + new Credits(body.Micro) });
        return FailureCode.None;
    }

    public static FailureCode Cancel(Step step, CancelJob body)
    {
        if (step.State.Jobs.Find(body.Job) is not { } job)
            return FailureCode.UnknownJob;
        if (job.Owner != step.Sender)
            return FailureCode.NotAllowed;
        if (job.Status is not (JobStatus.Open or JobStatus.Completing))
            return FailureCode.JobNotOpen;
        Stop(step, job, CloseReason.CancelledByOwner);
        return FailureCode.None;
    }

    public static FailureCode Complete(Step step, CompleteJob body)
    {
        if (step.State.Jobs.Find(body.Job) is not { } job)
            return FailureCode.UnknownJob;
        if (job.Order.Coordinator != step.Sender)
            return FailureCode.NotCoordinator;
        if (job.Status != JobStatus.Open)
            return FailureCode.JobNotOpen;
        if (step.State.Tasks.Find(body.Result) is not { } task || task.Job != job.Id)
            return FailureCode.UnknownTask;
        if (task.Result is null)
            return FailureCode.ParentNotShown;
        step.State.Jobs.Put(job with
        {
            Status = JobStatus.Completing,
            Reason = CloseReason.Completed,
            Result = body.Result,
        });
        VoidWhere(step, job.Id, static t => t.Phase == TaskPhase.Lost, VoidReason.NotNeeded);
        CloseIfDone(step, job.Id);
        return FailureCode.None;
    }

    /// <summary>An open job's deadline passed, or a closed one was kept for long enough.</summary>
    public static void Due(Step step, JobId id)
    {
        var job = step.State.Jobs.Get(id);
        if (job.Status == JobStatus.Closed)
            Archiving.Due(step, id);
        else
            Stop(step, job, ReasonAtDeadline(job));
    }

    /// <summary>A job declared done has lost a result: its coordinator may reissue it.</summary>
    public static void Reopen(Step step, JobId id)
    {
        var job = step.State.Jobs.Get(id);
        if (job.Status != JobStatus.Completing)
            return;
        step.State.Jobs.Put(job with { Status = JobStatus.Open, Reason = CloseReason.None, Result = null });
        step.Emit(new JobReopened(id));
        step.MarketChanged();
    }

    /// <summary>Closes a job that is to end and has no open task; what is left of the escrow goes back.</summary>
    public static void CloseIfDone(Step step, JobId id)
    {
        var job = step.State.Jobs.Get(id);
        if (job.Status is not (JobStatus.Completing or JobStatus.Stopping) || job.OpenTasks > 0)
            return;
        foreach (var lease in step.State.LeasesOf(id))
            Leasing.Drop(step, lease, DropReason.JobEnded);
        job = step.State.Jobs.Get(id);
        step.State.Jobs.Put(job with
        {
            Status = JobStatus.Closed,
            Escrow = Credits.Zero,
            Closed = step.Height,
            KeptUntil = step.Time.After(step.Rules.RetainMs),
        });
        Purse.Give(step, job.Owner, job.Escrow);
        step.Emit(new JobClosed(id, job.Reason, job.Reason.AtFault(), job.Escrow));
    }

    private static CloseReason ReasonAtDeadline(JobRecord job)
    {
        if (job.NextLease == 0)
            return CloseReason.NoOffer;
        if (job.Tasks == 0)
            return CloseReason.CoordinatorSilent;
        return job is { OpenTasks: 0 } && job.Escrow == Credits.Zero
            ? CloseReason.EscrowExhausted
            : CloseReason.DeadlinePassed;
    }

    /// <summary>Nothing new starts; what was committed goes on to finality, the rest is void.</summary>
    private static void Stop(Step step, JobRecord job, CloseReason reason)
    {
        step.State.Jobs.Put(job with { Status = JobStatus.Stopping, Reason = reason });
        VoidWhere(
            step, job.Id, static t => t.Phase == TaskPhase.Lost || t.Current.Status == AttemptStatus.Issued,
            VoidReason.JobStopped);
        foreach (var task in step.State.TasksOf(job.Id))
            Quorums.Moved(step, task);
        foreach (var lease in step.State.LeasesOf(job.Id))
            Leasing.Drop(step, lease, DropReason.JobEnded);
        CloseIfDone(step, job.Id);
    }

    private static void VoidWhere(Step step, JobId job, Predicate<TaskRecord> which, VoidReason reason)
    {
        foreach (var id in step.State.Index.TasksOfJob.Of(job))
        {
            var task = step.State.Tasks.Get(id);
            if (task.Phase is TaskPhase.Live or TaskPhase.Lost && which(task))
                Failing.Void(step, task, reason);
        }
    }
}
