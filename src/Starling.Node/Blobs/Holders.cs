using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol.Identity;

namespace Starling.Node.Blobs;

/// <summary>Who may have a blob, from what the ledger shows. Nearest in the plan first; the coordinator last.</summary>
internal static class Holders
{
    /// <summary>Of a job's own blobs: its specification, its data, its tasks' specifications.</summary>
    public static IReadOnlyList<NodeId> OfJob(JobRecord job) => Distinct([job.Order.Coordinator, job.Owner]);

    /// <summary>Of a task's inputs: those who made or checked its parents' results, then the coordinator.</summary>
    public static IReadOnlyList<NodeId> OfInputs(LedgerState state, TaskRecord task)
    {
        var holders = new List<NodeId>();
        foreach (var parent in task.Issue.Parents)
            if (state.Tasks.Find(parent) is { } made)
                holders.AddRange(Makers(made));
        if (state.Jobs.Find(task.Job) is { } job)
            holders.AddRange(OfJob(job));
        return Distinct(holders);
    }

    /// <summary>Of a task's outputs.</summary>
    public static IReadOnlyList<NodeId> OfOutputs(LedgerState state, TaskRecord task) =>
        Distinct([.. Makers(task), .. state.Jobs.Find(task.Job) is { } job ? OfJob(job) : []]);

    private static IEnumerable<NodeId> Makers(TaskRecord task) =>
        task.Attempts.Reverse().Where(a => a.Claim is not null).SelectMany(a => a.Auditors.Prepend(a.Provider));

    private static IReadOnlyList<NodeId> Distinct(IEnumerable<NodeId> holders) => [.. holders.Distinct()];
}
