using Starling.Host.Api;
using Starling.Host.Ports;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Plans;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Host.Local;

/// <summary>
/// Gives back the disk that checkpoints take: a large output goes once nobody needs it (<see cref="Retention"/>). A job's
/// specification, data, outcome and small outputs stay.
/// </summary>
internal sealed class BlobSweeper(LedgerReplay replay, IBlobStore reader, IReadOnlyList<IBlobStore> stores)
{
    /// <summary>Metrics and the like stay.</summary>
    private const long SmallBytes = 64 << 10;

    private readonly Dictionary<JobId, Retention> _plans = [];
    private readonly HashSet<JobId> _done = [];
    private readonly HashSet<TaskId> _swept = [];
    private readonly HashSet<Hash256> _outcomes = [];

    /// <summary>Outputs that a job no longer needs and that are still here, because another does.</summary>
    private readonly HashSet<Hash256> _over = [];

    /// <summary>Removes what has become unneeded since the last time.</summary>
    public void Sweep()
    {
        replay.CatchUp();
        Sweep(replay.State);
    }

    /// <summary>What one job no longer needs, another may: jobs over the same data have the same tokens.</summary>
    internal void Sweep(LedgerState state)
    {
        var keep = _outcomes.ToHashSet();
        foreach (var job in state.Jobs.InOrder())
        {
            if (_done.Contains(job.Id) || RetentionOf(job) is not { } retention)
                continue;
            var tasks = state.TasksOf(job.Id);
            var needed = retention.Needed(job, tasks).ToHashSet();
            keep.UnionWith(needed.SelectMany(OutputsOf));
            _over.UnionWith(tasks.Where(t => !needed.Contains(t) && _swept.Add(t.Id)).SelectMany(OutputsOf));
            if (job.Status != JobStatus.Closed)
                continue;
            _done.Add(job.Id);
            _outcomes.UnionWith(needed.SelectMany(OutputsOf));
        }

        foreach (var output in _over.Where(o => !keep.Contains(o)).ToArray())
        {
            _over.Remove(output);
            foreach (var store in stores)
                store.Remove(output, SmallBytes);
        }
    }

    private static IEnumerable<Hash256> OutputsOf(TaskRecord task) =>
        task.Attempts.SelectMany(a => a.Claim?.Outputs ?? []).Distinct();

    private Retention? RetentionOf(JobRecord job)
    {
        // An endpoint's job has no plan: its answers are its worker's to keep.
        if (!_plans.TryGetValue(job.Id, out var retention) && reader.Read(job.Order.Spec) is { } spec
            && RecordCodec.PeekType(spec) == RecordType.JobSpec)
            _plans.Add(job.Id, retention = new Retention(Plan.Create(RecordCodec.Decode<JobSpec>(spec))));
        return retention;
    }
}
