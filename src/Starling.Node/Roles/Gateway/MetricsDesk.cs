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

namespace Starling.Node.Roles.Gateway;

/// <summary>Reads what tasks tell about themselves: losses, and how much they went through.</summary>
internal sealed class MetricsDesk(LedgerState state, BlobDesk blobs)
{
    /// <summary>The rate is that of the results shown in the last minute.</summary>
    private const long WindowMs = 60_000;

    private readonly Dictionary<Hash256, TaskMetrics?> _told = [];

    /// <summary>Counts what was read, so that a watcher knows when to look again.</summary>
    public int Version => _told.Count;

    /// <summary>Asks for the metrics of a shown result, unless they were read; true when nothing is missing.</summary>
    public bool Want(Timestamp now, IPlan plan, TaskRecord task, ResultClaim claim, EffectList effects)
    {
        if (OutputOf(plan, task, claim) is not { } content || _told.ContainsKey(content))
            return true;
        if (blobs.Bytes(now, content, () => Holders.OfOutputs(state, task), effects) is not { } bytes)
            return false;
        _told.Add(content, Read(bytes));
        blobs.Release(content);
        return true;
    }

    /// <summary>Why a faulted task stopped.</summary>
    public string FaultOf(TaskResult result) =>
        _told.TryGetValue(result.Claim.Outputs[0], out var metrics) ? metrics?.Fault ?? "no reason given" : "reading why";

    /// <summary>The last training loss, the last held-out loss, and records per second of late.</summary>
    public (double? Loss, double? HeldOut, double? Rate) Summary(JobId job, IPlan plan, JobJournal journal)
    {
        (int Step, double Value)? loss = null, heldOut = null;
        var shown = new List<(Timestamp At, long Records)>();
        foreach (var task in state.TasksOf(job))
        {
            if (task.Result is not { } claim || OutputOf(plan, task, claim) is not { } content
                || _told.GetValueOrDefault(content) is not { } metrics)
                continue;
            var done = metrics.Step + metrics.Losses.Length;
            if (metrics.Losses.Length > 0 && (loss is null || done >= loss.Value.Step))
                loss = (done, metrics.Losses[^1]);
            if (metrics.HeldOutLoss is { } measured && (heldOut is null || metrics.Step >= heldOut.Value.Step))
                heldOut = (metrics.Step, measured);
            if (metrics.Losses.Length > 0 && journal.ShownAt(task.Id) is { } at)
                shown.Add((at, metrics.Records));
        }

        return (loss?.Value, heldOut?.Value, Rate(shown));
    }

    /// <summary>Records of all results after the first of the window, over the time since that one.</summary>
    private static double? Rate(List<(Timestamp At, long Records)> shown)
    {
        shown.Sort((a, b) => a.At.CompareTo(b.At));
        if (shown.Count < 2)
            return null;
        var first = shown.FindIndex(s => s.At.After(WindowMs) >= shown[^1].At);
        first = Math.Min(first, shown.Count - 2);
        var records = shown.Where(s => s.At > shown[first].At).Sum(s => s.Records);
        var milliseconds = shown[^1].At.Milliseconds - shown[first].At.Milliseconds;
        return milliseconds > 0 ? records * 1_000.0 / milliseconds : null;
    }

    private static Hash256? OutputOf(IPlan plan, TaskRecord task, ResultClaim claim)
    {
        if (plan.Nodes.FirstOrDefault(n => n.Name == task.Issue.PlanNode) is not { } node || claim.Outputs.Length == 0)
            return null;
        if (claim.Outputs.Length == 1 && node.Outputs > 1)
            return claim.Outputs[0];
        return node.MetricsOutput >= 0 && node.MetricsOutput < claim.Outputs.Length
            ? claim.Outputs[node.MetricsOutput]
            : null;
    }

    private static TaskMetrics? Read(byte[] bytes)
    {
        try
        {
            return TaskMetrics.Decode(bytes);
        }
        catch (DecodeException)
        {
            // A liar's metrics need not be metrics; audits deal with the liar.
            return null;
        }
    }
}
