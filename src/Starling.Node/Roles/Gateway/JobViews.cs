using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Messages.Requests;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Node.Roles.Gateway;

/// <summary>Makes what people see of a job from the ledger's state and what the coordinator knows.</summary>
internal sealed class JobViews(LedgerState state, JobJournal journal)
{
    public JobSummary Summary(JobRecord job, Coordination work)
    {
        var (phase, reason) = Phase(job, work);
        return new JobSummary(
            job.Id, job.Order.Spec, job.Owner, phase, work.Stage, journal.OpenedAt(job.Id) ?? state.Time,
            journal.ClosedAt(job.Id), reason);
    }

    public JobView View(JobRecord job, Coordination work)
    {
        var tasks = state.TasksOf(job.Id);
        return new JobView(
            Summary(job, work), work.Progress(journal), Money(job), Audits(tasks), Providers(tasks), journal.Of(job.Id),
            Result(job));
    }

    private static (JobPhase Phase, string? Reason) Phase(JobRecord job, Coordination work) => job.Status switch
    {
        JobStatus.Open or JobStatus.Closed when work.Problem is { } problem => (JobPhase.Failed, problem),
        JobStatus.Open when job.ActiveLeases == 0 && job.Tasks == 0 => (JobPhase.Waiting, "no offer is leased to it yet"),
        JobStatus.Open when job.ActiveLeases == 0 => (JobPhase.Running, "every lease has ended; waiting for an offer"),
        JobStatus.Open => (JobPhase.Running, work.Waiting),
        JobStatus.Completing => (JobPhase.Settling, null),
        JobStatus.Stopping => (JobPhase.Settling, job.Reason.ToString()),
        JobStatus.Closed when job.Reason == CloseReason.Completed => (JobPhase.Done, null),
        JobStatus.Closed when job.Reason == CloseReason.CancelledByOwner => (JobPhase.Cancelled, null),
        _ => (JobPhase.Failed, job.Reason.ToString()),
    };

    private static JobMoney Money(JobRecord job) =>
        new(job.Spent.Micro + job.Reserved.Micro, job.Order.Escrow, job.WorkIssued, job.Order.WorkLimit);

    private static AuditCounts Audits(IReadOnlyList<TaskRecord> tasks)
    {
        var attempts = tasks.SelectMany(t => t.Attempts).ToArray();
        return new AuditCounts(
            attempts.Count(a => a is { IsOpen: true, Claim: not null, Auditors.Length: 0 }),
            attempts.Count(a => a.Auditors.Length > 0 && (a.IsOpen || a.Status == AttemptStatus.Final)),
            attempts.Count(a => a is { Status: AttemptStatus.Final, Auditors.Length: 0 }),
            attempts.Count(a => a.Dispute is not null),
            attempts.Count(a => a.Status == AttemptStatus.Convicted));
    }

    private static ProviderShare[] Providers(IReadOnlyList<TaskRecord> tasks)
    {
        var shares = new SortedDictionary<NodeId, ProviderShare>();
        foreach (var task in tasks)
            foreach (var attempt in task.Attempts)
            {
                var share = shares.GetValueOrDefault(attempt.Provider) ?? new ProviderShare(attempt.Provider, 0, 0, 0, 0, 0);
                shares[attempt.Provider] = share with
                {
                    Shown = share.Shown + (attempt.Claim is null ? 0 : 1),
                    Final = share.Final + (attempt.Status == AttemptStatus.Final ? 1 : 0),
                    Lost = share.Lost + (attempt.Status is AttemptStatus.TimedOut or AttemptStatus.Retracted ? 1 : 0),
                    Convicted = share.Convicted + (attempt.Status == AttemptStatus.Convicted ? 1 : 0),
                    Work = share.Work + (attempt.Claim is null ? 0 : task.Issue.Work),
                };
            }

        return [.. shares.Values];
    }

    private JobResult? Result(JobRecord job) =>
        job.Result is { } id && state.Tasks.Find(id)?.Result is { } claim ? new JobResult(id, claim.Outputs) : null;
}
