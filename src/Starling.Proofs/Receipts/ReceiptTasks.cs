using Starling.Ledger.Records;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Receipts;

/// <summary>One paid task of a receipt with all that running it again takes.</summary>
internal sealed record ReceiptTask(PlanNode Node, TaskRecord Task, TaskSpec Spec);

/// <summary>The paid tasks of a receipt, parents before children.</summary>
internal static class ReceiptTasks
{
    /// <param name="receipt">A receipt that verifies.</param>
    /// <param name="plan">Its plan.</param>
    public static IReadOnlyList<ReceiptTask> Of(Receipt receipt, IPlan plan)
    {
        var tasks = Array.ConvertAll(receipt.Tasks, t => RecordCodec.Decode<TaskRecord>(t.Value))
            .Where(static t => t.Phase == TaskPhase.Final).ToDictionary(static t => t.Id);
        var byNode = tasks.Values.ToLookup(static t => t.Issue.PlanNode, StringComparer.Ordinal);
        var found = new List<ReceiptTask>(tasks.Count);
        foreach (var node in plan.Nodes)
            foreach (var task in byNode[node.Name])
                if (TaskTerms.SpecOf(node, ParentsOf(task, tasks)) is { } spec)
                    found.Add(new ReceiptTask(node, task, spec));
        return found;
    }

    /// <summary>The results that a task was built on, by the names of their nodes.</summary>
    public static Func<string, ResultClaim?> ParentsOf(TaskRecord task, IReadOnlyDictionary<TaskId, TaskRecord> tasks) =>
        name =>
        {
            foreach (var id in task.Issue.Parents)
                if (tasks.TryGetValue(id, out var parent) && parent.Issue.PlanNode == name)
                    return parent.Result;
            return null;
        };
}
