using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Work;

/// <summary>
/// Jobs that ask for a quorum of k: each node of the plan is k tasks, done by k providers (protocol.md, 1). Results stay
/// sealed until all k are committed or lost, so nobody can copy. k equal results need no audit; fewer, or different
/// ones, are recomputed by every auditor, and whoever differs from those is disputed like any other liar.
/// </summary>
public static class Quorums
{
    /// <summary>Whether a committed result may not be shown yet, because another of its quorum is still at work.</summary>
    public static bool IsSealed(LedgerState state, TaskRecord task) =>
        state.Jobs.Find(task.Job) is { Status: JobStatus.Open, Order.Quorum: > 0 } job
        && Others(state, job, task).Any(static t => t is null or { Phase: TaskPhase.Live, Current.Status: AttemptStatus.Issued });

    /// <summary>
    /// Whether a task may be given to a provider now: it does no other of the quorum, and none of them could have seen a
    /// result, or could show its own, meanwhile.
    /// </summary>
    public static FailureCode CanStart(LedgerState state, JobRecord job, TaskRecord task, NodeId provider)
    {
        if (job.Order.Quorum == 0)
            return FailureCode.None;
        var replica = ReplicaName.ReplicaOf(task.Issue.Node);
        if (replica < 0 || (ulong)replica >= job.Order.Quorum)
            return FailureCode.NotOfQuorum;
        // Before each of the quorum was issued, everything is sealed.
        var (unsealed, any) = (state.Tasks.Find(task.Id) is not null, false);
        foreach (var other in Others(state, job, task))
        {
            var works = other is { Phase: TaskPhase.Live or TaskPhase.Final };
            if (works && other!.Current.Provider == provider)
                return FailureCode.QuorumRepeats;
            any |= works && other!.Current.Status != AttemptStatus.Issued;
            unsealed &= other is not null && !(works && other.Current.Status == AttemptStatus.Issued);
        }

        return unsealed && any ? FailureCode.QuorumUnsealed : FailureCode.None;
    }

    /// <summary>A commitment, a loss or the job's end may have unsealed a quorum, or a result may have completed it.</summary>
    internal static void Moved(Step step, TaskRecord task)
    {
        var job = step.State.Jobs.Get(task.Job);
        if (job.Order.Quorum == 0)
            return;
        TaskRecord[] all = [.. Others(step.State, job, task).Append(step.State.Tasks.Get(task.Id)).OfType<TaskRecord>()];
        foreach (var one in all)
        {
            if (one is { Phase: TaskPhase.Live, Current.Status: AttemptStatus.Committed } && !IsSealed(step.State, one))
                Unseal(step, one);
        }

        if (!Array.Exists(all, static t => t is { Phase: TaskPhase.Live, Current.Status: AttemptStatus.Issued or AttemptStatus.Committed }))
            Compare(step, job, all);
    }

    /// <summary>When a sealed commitment would have to be shown at the latest: never before its job's end unseals it.</summary>
    internal static Timestamp Far(Step step, JobRecord job) => job.Order.Deadline.After(2 * step.Rules.RevealMs);

    private static void Unseal(Step step, TaskRecord task)
    {
        var due = step.Time.After(step.Rules.RevealMs);
        if (due < task.Current.Due)
            step.State.Tasks.Put(task.WithCurrent(task.Current with { Due = due }));
    }

    private static void Compare(Step step, JobRecord job, TaskRecord[] all)
    {
        TaskRecord[] shown =
        [
            .. all.Where(static t => t is { Phase: TaskPhase.Live, Current: { Status: AttemptStatus.Revealed, Epoch: null } }),
        ];
        var roots = new HashSet<Hash256>(shown.Select(static t => t.Current.Claim!.Root()));
        var agree = (ulong)shown.Length == job.Order.Quorum && roots.Count == 1;
        foreach (var task in shown)
            if (agree)
                Finality.OpenWindow(step, task);
            else
                Audit(step, task);
    }

    private static void Audit(Step step, TaskRecord task)
    {
        task = task.WithCurrent(task.Current with { AuditRequired = true });
        task = task.WithCurrent(task.Current with { Epoch = Epochs.Enter(step, task) });
        step.State.Tasks.Put(task);
        if (task.Current.Epoch is null)
            Finality.AuditsOver(step, task, auditorMissed: false);
    }

    /// <summary>The other tasks of the quorum; null for one that was never issued.</summary>
    private static IEnumerable<TaskRecord?> Others(LedgerState state, JobRecord job, TaskRecord task)
    {
        var node = ReplicaName.NodeOf(task.Issue.Node);
        var self = ReplicaName.ReplicaOf(task.Issue.Node);
        var roots = Array.ConvertAll(task.Issue.Parents, p => state.Tasks.Find(p)?.Current.Claim?.Root() ?? Hash256.Zero);
        for (var i = 0; (ulong)i < job.Order.Quorum; i++)
            if (i != self)
                yield return state.Tasks.Find(Derived.TaskId(job.Id, ReplicaName.Of(node, i), roots));
    }
}
