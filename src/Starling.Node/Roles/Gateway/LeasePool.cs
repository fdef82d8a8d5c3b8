using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Outbox;
using Starling.Programs.Plans;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Gateway;

/// <summary>Leases of a job that are free for a task, counting the tasks whose issue is on its way.</summary>
internal sealed class LeasePool
{
    private readonly LedgerState _state;
    private readonly SortedDictionary<NodeId, int> _free = [];

    public LeasePool(LedgerState state, JobId job, TransactionOutbox outbox, PresenceDesk presence)
    {
        _state = state;
        foreach (var lease in state.LeasesOf(job))
        {
            Count++;
            if (lease.Tasks.Length == 0 && !presence.IsAway(lease.Provider))
                _free[lease.Provider] = _free.GetValueOrDefault(lease.Provider) + 1;
        }

        foreach (var body in outbox.Pending)
            if (body is IssueTasks issue && issue.Job == job)
                foreach (var task in issue.Tasks)
                    Take(task.Provider);
            else if (body is ReissueTask again && state.Tasks.Find(again.Task)?.Job == job)
                Take(again.Provider);
    }

    /// <summary>Leases of the job, free or not.</summary>
    public int Count { get; }

    /// <summary>
    /// A provider for a task: one that has most of its inputs, then the one with most free leases. One that lost an
    /// earlier attempt comes last. Null when no lease is free.
    /// </summary>
    /// <param name="planned">The task.</param>
    /// <param name="task">As the ledger has it; null before its first attempt.</param>
    /// <param name="others">Providers that do the same for a quorum.</param>
    public NodeId? Choose(PlannedTask planned, TaskRecord? task, IReadOnlySet<NodeId> others)
    {
        NodeId? best = null;
        var bestScore = (Lost: int.MaxValue, Inputs: 0, Busy: 0);
        foreach (var (provider, free) in _free)
        {
            if (free <= 0 || others.Contains(provider))
                continue;
            var lost = task?.Attempts.Count(a => a.Provider == provider) ?? 0;
            var inputs = planned.ParentTasks.Count(p => _state.Tasks.Find(p)?.Current.Provider == provider);
            var score = (lost, -inputs, -free);
            if (best is null || score.CompareTo(bestScore) < 0)
                (best, bestScore) = (provider, score);
        }

        if (best is { } chosen)
            Take(chosen);
        return best;
    }

    private void Take(NodeId provider) => _free[provider] = _free.GetValueOrDefault(provider) - 1;
}
