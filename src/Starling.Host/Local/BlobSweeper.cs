using Starling.Host.Api;
using Starling.Host.Ports;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Host.Local;

/// <summary>
/// Gives back the disk that checkpoints take: a large output goes once its task and every task of the plan that reads
/// from it are final, so that nobody can dispute or need it any more. A job's specification, data, outcome and small
/// outputs stay.
/// </summary>
internal sealed class BlobSweeper(LedgerReplay replay, IBlobStore reader, IReadOnlyList<IBlobStore> stores)
{
    /// <summary>Metrics and the like stay.</summary>
    private const long SmallBytes = 64 << 10;

    private readonly Dictionary<JobId, IPlan> _plans = [];
    private readonly HashSet<JobId> _done = [];
    private readonly HashSet<TaskId> _swept = [];

    /// <summary>Removes what has become unneeded since the last time.</summary>
    public void Sweep()
    {
        replay.CatchUp();
        foreach (var job in replay.State.Jobs.InOrder().ToArray())
            if (!_done.Contains(job.Id) && PlanOf(job) is { } plan)
                Sweep(job, plan);
    }

    private void Sweep(JobRecord job, IPlan plan)
    {
        var tasks = replay.State.TasksOf(job.Id);
        var open = tasks.Where(t => t.Phase is not (TaskPhase.Final or TaskPhase.Void)).Select(t => t.Issue.Node).ToHashSet();
        var settled = tasks.Where(t => t.Phase == TaskPhase.Final).Select(t => t.Issue.Node).ToHashSet();
        settled.ExceptWith(open);
        var keep = Kept(job, plan, tasks);
        foreach (var task in tasks)
        {
            var node = task.Issue.Node;
            var over = job.Status == JobStatus.Closed || (settled.Contains(node) && Readers(plan, node).All(settled.Contains));
            if (over && _swept.Add(task.Id))
                Remove(task, keep);
        }

        if (job.Status == JobStatus.Closed)
            _done.Add(job.Id);
    }

    /// <summary>What the receipt names and what the plan still reads: the outcome and the state it was exported from.</summary>
    private static HashSet<Hash256> Kept(JobRecord job, IPlan plan, IReadOnlyList<TaskRecord> tasks)
    {
        var last = plan.Nodes[^1];
        var names = last.Inputs.Select(i => i.Node).Append(last.Name).ToHashSet();
        HashSet<Hash256> keep = [job.Order.Spec];
        foreach (var task in tasks)
            if (names.Contains(task.Issue.Node) && task.Result is { } result)
                keep.UnionWith(result.Outputs);
        return keep;
    }

    private static IEnumerable<string> Readers(IPlan plan, string node) =>
        plan.Nodes.Where(n => n.Parents.Contains(node) || n.Inputs.Any(i => i.Node == node)).Select(n => n.Name);

    private void Remove(TaskRecord task, HashSet<Hash256> keep)
    {
        foreach (var output in task.Attempts.SelectMany(a => a.Claim?.Outputs ?? []).Distinct())
            if (!keep.Contains(output))
                foreach (var store in stores)
                    store.Remove(output, SmallBytes);
    }

    private IPlan? PlanOf(JobRecord job)
    {
        if (!_plans.TryGetValue(job.Id, out var plan) && reader.Read(job.Order.Spec) is { } spec)
            _plans.Add(job.Id, plan = Plan.Create(RecordCodec.Decode<JobSpec>(spec)));
        return plan;
    }
}
