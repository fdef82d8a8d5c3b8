using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Contract;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Plans;

/// <summary>
/// The plans of jobs: brings in each specification once and answers what the plan asks for, given the results that the
/// ledger shows. Whoever holds the specification gets the same answers.
/// </summary>
internal sealed class PlanDesk(BlobDesk blobs)
{
    private readonly Dictionary<JobId, (IPlan? Plan, string? Problem)> _plans = [];
    private readonly Dictionary<TaskId, TaskSpec> _checked = [];

    /// <summary>The plan of a job; null while its specification is on its way, or for good with a problem.</summary>
    public IPlan? Of(Timestamp now, JobRecord job, EffectList effects, out string? problem)
    {
        if (!_plans.TryGetValue(job.Id, out var entry))
        {
            if (blobs.Bytes(now, job.Order.Spec, () => Holders.OfJob(job), effects) is not { } bytes)
            {
                problem = null;
                return null;
            }

            _plans.Add(job.Id, entry = SpecReader.Job(bytes));
            blobs.Release(job.Order.Spec);
        }

        problem = entry.Problem;
        return entry.Plan;
    }

    /// <summary>The results that the ledger shows, by node.</summary>
    public static Dictionary<string, TaskResult> Results(LedgerState state, JobId job)
    {
        var results = new Dictionary<string, TaskResult>(StringComparer.Ordinal);
        var isQuorum = state.Jobs.Find(job)?.Order.Quorum > 0;
        var tasks = state.TasksOf(job);
        foreach (var task in isQuorum ? tasks.Where(IsCompared).OrderByDescending(Doubt) : tasks.AsEnumerable())
            if (task.Result is { } claim)
                results[task.Issue.PlanNode] = new TaskResult(task.Id, claim, ReplicaName.ReplicaOf(task.Issue.Node));
        return results;
    }

    /// <summary>Of a quorum's results only those are built on that were compared, or audited where they differed.</summary>
    private static bool IsCompared(TaskRecord task) => task.Phase == TaskPhase.Final
        || (task.Phase == TaskPhase.Live
            && task.Current.Status is AttemptStatus.Audited or AttemptStatus.Waiting or AttemptStatus.Unaudited);

    /// <summary>The last in this order is taken: the first of the quorum that nobody disputes.</summary>
    private static (bool Disputed, int Replica) Doubt(TaskRecord task) =>
        (task.Current.Dispute is not null, ReplicaName.ReplicaOf(task.Issue.Node));

    /// <summary>Compares an issued task with the plan, so that no work is done that the job did not ask for.</summary>
    public PlanCheck Check(Timestamp now, LedgerState state, TaskRecord task, EffectList effects)
    {
        if (_checked.TryGetValue(task.Id, out var known))
            return new PlanCheck.OnPlan(known);
        if (state.Jobs.Find(task.Job) is not { } job)
            return new PlanCheck.Unknown();
        var plan = Of(now, job, effects, out var problem);
        if (plan is null)
            return problem is null ? new PlanCheck.Unknown() : new PlanCheck.OffPlan(problem);
        if (plan.Nodes.All(n => n.Name != task.Issue.PlanNode))
            return new PlanCheck.OffPlan($"the plan has no node {task.Issue.Node}");
        var step = plan.Next(job.Id, Results(state, job.Id));
        var planned = step.Tasks.FirstOrDefault(t => t.Node == task.Issue.PlanNode);
        if (planned is null)
            return new PlanCheck.Unknown();
        if (Difference(job, planned, task) is { } difference)
            return new PlanCheck.OffPlan(difference);
        _checked.Add(task.Id, planned.Spec);
        return new PlanCheck.OnPlan(planned.Spec);
    }

    /// <summary>What to run for a task that was found to be on its plan.</summary>
    public TaskSpec? Known(TaskId task) => _checked.GetValueOrDefault(task);

    public void Forget(TaskId task) => _checked.Remove(task);

    private static string? Difference(JobRecord job, PlannedTask planned, TaskRecord task)
    {
        var issue = task.Issue;
        // The id covers the parents' results; which task of a quorum gave them makes no difference.
        var replica = ReplicaName.ReplicaOf(issue.Node);
        if (replica < 0 || planned.IdOf(job.Id, replica) != task.Id
            || (job.Order.Quorum == 0 && !planned.ParentTasks.SequenceEqual(issue.Parents)))
            return $"{issue.Node} does not follow from the results that stand";
        if (ContentId.Of(RecordCodec.Encode(planned.Spec)).Hash != issue.Spec)
            return $"{issue.Node} has another specification than the plan's";
        return planned.Work == issue.Work && planned.Graph == issue.Graph && planned.Steering == issue.Steering
            ? null
            : $"{issue.Node} has other terms than the plan's";
    }
}
