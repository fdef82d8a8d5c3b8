using Starling.Ledger.Records;
using Starling.Programs.Plans;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Receipts;

/// <summary>The results of a quorum: of one node, by different providers, all paid, all the same.</summary>
internal static class QuorumCheck
{
    /// <summary>The tasks of a node that have their result for good, the node's own first.</summary>
    public static List<TaskRecord> Of(
        IReadOnlyDictionary<TaskId, TaskRecord> tasks, JobId job, string node, ReadOnlySpan<Hash256> parentRoots)
    {
        var found = new List<TaskRecord>();
        for (var i = 0; i < ReplicaName.Most; i++)
            if (tasks.TryGetValue(Derived.TaskId(job, ReplicaName.Of(node, i), parentRoots), out var task) && task.Phase == TaskPhase.Final)
                found.Add(task);
        return found;
    }

    public static void Run(Receipt receipt, IPlan plan, LedgerEvidence evidence, CheckList checks)
    {
        var quorum = evidence.Job.Order.Quorum;
        if (quorum == 0 && evidence.Replicas.Count == 0)
            return;
        var groups = evidence.Replicas.ToLookup(static t => t.Issue.PlanNode, StringComparer.Ordinal);
        var nodes = plan.Nodes.ToDictionary(static n => n.Name, StringComparer.Ordinal);
        var results = evidence.Tasks.ToDictionary(static t => t.Issue.PlanNode, StringComparer.Ordinal);
        string? problem = null;
        var least = evidence.Tasks.Min(t => groups[t.Issue.PlanNode].Count() + 1);
        for (var i = 0; i < evidence.Replicas.Count && problem is null; i++)
        {
            var task = evidence.Replicas[i];
            if (i > 0 && evidence.Replicas[i - 1].Id.CompareTo(task.Id) >= 0)
                problem = "the tasks of quorums are not in the order of their ids";
            else if (!nodes.TryGetValue(task.Issue.PlanNode, out var node))
                problem = $"task {task.Issue.Node} is not of the plan";
            else
                problem = Problem(task, results[node.Name], quorum)
                    ?? TaskTerms.Problem(node, task, receipt.Job, name => results.GetValueOrDefault(name)?.Result);
        }

        foreach (var one in evidence.Tasks)
        {
            var providers = groups[one.Issue.PlanNode].Append(one).Select(static t => t.Current.Provider).ToArray();
            if (providers.Distinct().Count() != providers.Length)
                problem ??= $"a provider stands twice in the quorum of {one.Issue.PlanNode}";
        }

        checks.Settle(CheckKind.Plan, problem, $"quorum of {quorum}: every task has {least} or more equal results of different providers");
    }

    private static string? Problem(TaskRecord task, TaskRecord one, ulong quorum)
    {
        if (ReplicaName.ReplicaOf(task.Issue.Node) is var replica && (replica < 0 || (ulong)replica >= quorum))
            return $"task {task.Issue.Node} is none of its quorum";
        if (task.Phase != TaskPhase.Final || task.Result is not { } claim)
            return $"task {task.Issue.Node} is not final";
        return claim.Root() == one.Result!.Root() ? null : $"task {task.Issue.Node} gave another result than {one.Issue.Node}";
    }
}
