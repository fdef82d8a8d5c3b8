using Starling.Ledger.Records;
using Starling.Programs.Plans;

namespace Starling.Node.Plans;

/// <summary>
/// Which results of a job somebody may still read. A result is needed until its task and every task of the plan that
/// reads from it are final, so that nobody can dispute or recompute anything from it. The outcome, and the state that it
/// was exported from, are needed for good.
/// </summary>
public sealed class Retention
{
    private readonly Dictionary<string, string[]> _readers;
    private readonly HashSet<string> _outcome;

    public Retention(IPlan plan)
    {
        var last = plan.Nodes[^1];
        _outcome = [last.Name, .. last.Inputs.Select(i => i.Node).OfType<string>()];
        _readers = plan.Nodes.ToDictionary(
            n => n.Name,
            n => plan.Nodes.Where(r => r.Parents.Contains(n.Name) || r.Inputs.Any(i => i.Node == n.Name)).Select(r => r.Name).ToArray());
    }

    /// <summary>The tasks of the job whose results may still be read.</summary>
    public IEnumerable<TaskRecord> Needed(JobRecord job, IReadOnlyList<TaskRecord> tasks)
    {
        if (job.Status == JobStatus.Closed)
            return tasks.Where(t => _outcome.Contains(t.Issue.PlanNode));
        var final = tasks.Where(t => t.Phase == TaskPhase.Final).Select(t => t.Issue.PlanNode).ToHashSet();
        final.ExceptWith(tasks.Where(t => t.Phase is TaskPhase.Live or TaskPhase.Lost).Select(t => t.Issue.PlanNode));
        return tasks.Where(t => !IsOver(t.Issue.PlanNode, final));
    }

    private bool IsOver(string node, HashSet<string> final) =>
        !_outcome.Contains(node) && final.Contains(node) && _readers.TryGetValue(node, out var readers)
        && readers.All(final.Contains);
}
