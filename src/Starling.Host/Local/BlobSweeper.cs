using Starling.Host.Api;
using Starling.Host.Ports;
using Starling.Ledger.Records;
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

    /// <summary>Removes what has become unneeded since the last time.</summary>
    public void Sweep()
    {
        replay.CatchUp();
        foreach (var job in replay.State.Jobs.InOrder().ToArray())
            if (!_done.Contains(job.Id) && RetentionOf(job) is { } retention)
                Sweep(job, retention);
    }

    private void Sweep(JobRecord job, Retention retention)
    {
        var tasks = replay.State.TasksOf(job.Id);
        var needed = retention.Needed(job, tasks).ToHashSet();
        var keep = needed.SelectMany(OutputsOf).ToHashSet();
        foreach (var task in tasks)
            if (!needed.Contains(task) && _swept.Add(task.Id))
                Remove(task, keep);
        if (job.Status == JobStatus.Closed)
            _done.Add(job.Id);
    }

    private static IEnumerable<Hash256> OutputsOf(TaskRecord task) =>
        task.Attempts.SelectMany(a => a.Claim?.Outputs ?? []).Distinct();

    private void Remove(TaskRecord task, HashSet<Hash256> keep)
    {
        foreach (var output in OutputsOf(task))
            if (!keep.Contains(output))
                foreach (var store in stores)
                    store.Remove(output, SmallBytes);
    }

    private Retention? RetentionOf(JobRecord job)
    {
        if (!_plans.TryGetValue(job.Id, out var retention) && reader.Read(job.Order.Spec) is { } spec)
            _plans.Add(job.Id, retention = new Retention(Plan.Create(RecordCodec.Decode<JobSpec>(spec))));
        return retention;
    }
}
