using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Ledger.Work;
using Starling.Node.Blobs;
using Starling.Node.Contract;
using Starling.Node.Messages.Requests;
using Starling.Node.Outbox;
using Starling.Node.Plans;
using Starling.Programs.Plans;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Gateway;

/// <summary>
/// Coordinates one job: walks its plan over the results that the ledger shows, gives the next tasks to leased
/// providers, gives lost ones to others, and declares the job done. Remembers nothing that the ledger does not hold.
/// </summary>
internal sealed class Coordination(
    JobId id, LedgerState state, BlobDesk blobs, PlanDesk plans, MetricsDesk metrics, TransactionOutbox outbox,
    PresenceDesk presence, ChunkBuyer chunks)
{
    private readonly StragglerDesk _stragglers = new(id, state);
    private IPlan? _plan;
    private Retention? _retention;
    private PlanStep? _step;
    private ulong _steppedAt;

    /// <summary>Why the job can never be done as it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>What it waits for, when it waits.</summary>
    public string? Waiting { get; private set; }

    /// <summary>True once the job is closed and everything it gave is here.</summary>
    public bool IsOver { get; private set; }

    public string Stage => _plan is { } plan && _step is { } step ? plan.Stage(step) : "waiting for its specification";

    public void Act(Timestamp now, EffectList effects)
    {
        if (state.Jobs.Find(id) is not { } job)
            return;
        if (_plan is null)
        {
            _plan = plans.Of(now, job, effects, out var problem);
            Problem = problem;
            if (_plan is null)
                return;
            _retention = new Retention(_plan);
        }

        if (IsOver)
            return;
        if (_step is null || _steppedAt != state.Height)
            (_step, _steppedAt) = (_plan.Next(id, PlanDesk.Results(state, id)), state.Height);
        IsOver = Mirror(now, job, effects) && job.Status == JobStatus.Closed;
        Problem = ProblemOf(_step);
        if (job.Status != JobStatus.Open)
            return;
        _stragglers.Observe(now);
        Avoid(now, job, effects);
        if (_step.End is { } end)
            Complete(now, end, effects);
        else if (job.Order.Verification != Verification.None && state.Auditors.Count == 0)
            // The ledger draws among those enrolled at the commitment: before that, a lie would go unseen.
            Waiting = "no auditor has enrolled yet";
        else
            Assign(now, job, _step.Tasks, effects);
    }

    public JobProgress Progress(JobJournal journal)
    {
        if (_plan is not { } plan || _step is not { } step)
            return new JobProgress(0, 0, 0, 0, null, null, null);
        var done = plan.Nodes.Where(n => step.Current.Contains(n.Name)).ToArray();
        var (loss, heldOut, rate) = metrics.Summary(id, plan, journal);
        return new JobProgress(
            done.Sum(n => (long)n.Steps), plan.TotalSteps, done.Length, plan.Nodes.Count, loss, heldOut, rate);
    }

    /// <summary>
    /// Brings every shown result here that somebody may still read, so that it outlives its maker, and reads metrics.
    /// Nothing is built on a result that is not here: whoever gets the next task can fetch it.
    /// </summary>
    private bool Mirror(Timestamp now, JobRecord job, EffectList effects)
    {
        var all = true;
        var tasks = state.TasksOf(id);
        foreach (var task in _retention!.Needed(job, tasks))
            if (task.Result is { } claim)
                all &= Here(now, task, claim, effects);
        foreach (var task in tasks)
            if (task.Result is { } claim)
                all &= metrics.Want(now, _plan!, task, claim, effects);
        return all;
    }

    private bool Here(Timestamp now, TaskRecord task, ResultClaim claim, EffectList effects)
    {
        var here = true;
        for (var i = 0; i < claim.Outputs.Length; i++)
            if (!blobs.Have(now, claim.Outputs[i], () => Holders.OfOutputs(state, task), effects))
            {
                chunks.Want(now, task, i, effects);
                here = false;
            }

        return here;
    }

    private string? ProblemOf(PlanStep step)
    {
        // Before a result is final, it may be a lie.
        if (step.End is PlanEnd.Faulted fault)
            return state.Tasks.Find(fault.Result.Task) is { Phase: TaskPhase.Final }
                ? $"stopped at {fault.Node}: {metrics.FaultOf(fault.Result)}"
                : null;
        var refused = state.TasksOf(id).FirstOrDefault(t => t is { Phase: TaskPhase.Final, Result.Outputs.Length: 0 });
        return refused is null ? null : $"{refused.Issue.Node} cannot be run as specified";
    }

    private void Complete(Timestamp now, PlanEnd end, EffectList effects)
    {
        var result = end is PlanEnd.Completed completed ? completed.Result : ((PlanEnd.Faulted)end).Result;
        if (state.Tasks.Find(result.Task) is { } task && Here(now, task, result.Claim, effects))
            outbox.Submit(now, $"complete/{id}/{result.Task}", new CompleteJob(id, result.Task), effects);
    }

    /// <summary>Does without the providers that are gone or too slow, and takes back those that have returned.</summary>
    private void Avoid(Timestamp now, JobRecord job, EffectList effects)
    {
        var gone = state.LeasesOf(id).Select(l => l.Provider).Concat(job.Avoided).Distinct()
            .Where(p => presence.IsGone(now, p)).Union(_stragglers.Slow).Order().Take(Limits.Avoided).ToArray();
        if (gone.AsSpan().SequenceEqual(job.Avoided))
            return;
        var list = Blake3.Hash(gone.SelectMany(p => p.Key.ToArray()).ToArray());
        outbox.Submit(now, $"avoid/{id}/{list}", new AvoidProviders(id, gone), effects);
    }

    private void Assign(Timestamp now, JobRecord job, IReadOnlyList<PlannedTask> tasks, EffectList effects)
    {
        var leases = new LeasePool(state, id, outbox, presence);
        var waiting = 0;
        foreach (var planned in tasks)
        {
            if (!planned.ParentTasks.All(p => state.Tasks.Find(p) is { Result: { } claim } parent && Here(now, parent, claim, effects)))
                continue;
            for (var replica = 0; replica < Math.Max((int)job.Order.Quorum, 1); replica++)
                waiting += AssignOne(now, job, planned, replica, leases, effects) ? 0 : 1;
        }

        // A member of a quorum that is moved could copy: it stays.
        if (waiting == 0 && job.Order.Quorum == 0)
            _stragglers.Look(now);
        Waiting = waiting > 0 && leases.Count == 0 ? "no lease is free" : null;
        if (waiting > 0 && job.WorkIssued >= job.Order.WorkLimit)
            Waiting = "the work limit of the order is reached";
    }

    /// <summary>Gives out one task, unless it is on its way; false when no lease is free for it.</summary>
    private bool AssignOne(
        Timestamp now, JobRecord job, PlannedTask planned, int replica, LeasePool leases, EffectList effects)
    {
        var taskId = planned.IdOf(id, replica);
        var task = state.Tasks.Find(taskId);
        if (task?.Phase is TaskPhase.Live or TaskPhase.Final)
            return true;
        var isLost = task?.Phase == TaskPhase.Lost;
        var purpose = $"{(isLost ? "reissue" : "issue")}/{taskId}/{task?.Attempts.Length ?? 0}";
        if (outbox.Has(purpose))
            return true;
        // Once results of a quorum may be shown, a newcomer could copy them: it goes on with those it has.
        if (isLost && Quorums.CanStart(state, job, task!, default) == FailureCode.QuorumUnsealed)
            return true;
        if (leases.Choose(planned, task, OthersOf(planned)) is not { } provider)
            return false;
        if (isLost)
            outbox.Submit(now, purpose, new ReissueTask(taskId, provider), effects);
        else
            Issue(now, purpose, planned, replica, provider, effects);
        return true;
    }

    /// <summary>Providers that do a node already, or will by what is on its way.</summary>
    private HashSet<NodeId> OthersOf(PlannedTask planned)
    {
        var others = new HashSet<NodeId>();
        if (state.Jobs.Find(id) is not { Order.Quorum: > 0 } job)
            return others;
        for (var i = 0; i < (int)job.Order.Quorum; i++)
            if (state.Tasks.Find(planned.IdOf(id, i)) is { Phase: TaskPhase.Live or TaskPhase.Final } task)
                others.Add(task.Current.Provider);
        foreach (var body in outbox.Pending)
            if (body is IssueTasks issue && issue.Job == id)
                others.UnionWith(issue.Tasks.Where(t => t.PlanNode == planned.Node).Select(static t => t.Provider));
            else if (body is ReissueTask again && state.Tasks.Find(again.Task) is { } lost && lost.Issue.PlanNode == planned.Node)
                others.Add(again.Provider);
        return others;
    }

    private void Issue(
        Timestamp now, string purpose, PlannedTask planned, int replica, NodeId provider, EffectList effects)
    {
        var bytes = RecordCodec.Encode(planned.Spec);
        var issue = new TaskIssue(
            ReplicaName.Of(planned.Node, replica), [.. planned.ParentTasks], ContentId.Of(bytes).Hash, planned.Work, planned.Graph,
            planned.Steering, provider);
        effects.Add(new PutBlob(bytes));
        outbox.Submit(now, purpose, new IssueTasks(id, [issue]), effects);
    }
}
