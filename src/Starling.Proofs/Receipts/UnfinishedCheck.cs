using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;

namespace Starling.Proofs.Receipts;

/// <summary>
/// The plan behind a job that gave no model: every task that the ledger ever issued for it is there, each is of the
/// plan, and those that were paid follow from the specification as in a completed job.
/// </summary>
internal static class UnfinishedCheck
{
    public static IPlan? Run(Receipt receipt, JobSpec spec, LedgerEvidence evidence, CheckList checks)
    {
        if (PlanNodes.CountOf(spec) > ReceiptLimits.Tasks)
        {
            checks.Fails(CheckKind.Plan, $"the plan has {PlanNodes.CountOf(spec)} tasks, more than a receipt holds");
            return null;
        }

        var plan = Plan.Create(spec);
        return checks.Settle(
            CheckKind.Plan, Problem(receipt, plan, evidence),
            $"all {evidence.Tasks.Count} tasks that were issued are of the plan") ? plan : null;
    }

    private static string? Problem(Receipt receipt, IPlan plan, LedgerEvidence evidence)
    {
        if (evidence.Job.Tasks != evidence.Tasks.Count)
            return $"the job had {evidence.Job.Tasks} tasks, the receipt holds {evidence.Tasks.Count}";
        for (var i = 1; i < evidence.Tasks.Count; i++)
        {
            if (evidence.Tasks[i - 1].Id.CompareTo(evidence.Tasks[i].Id) >= 0)
                return "the tasks are not in the order of their ids";
        }

        var nodes = plan.Nodes.ToDictionary(static n => n.Name, StringComparer.Ordinal);
        var byId = evidence.Tasks.ToDictionary(static t => t.Id);
        foreach (var task in evidence.Tasks)
        {
            if (!nodes.TryGetValue(task.Issue.PlanNode, out var node))
                return $"task {task.Issue.Node} is not of the plan";
            if (task.Phase == TaskPhase.Final
                && TaskTerms.Problem(node, task, receipt.Job, ReceiptTasks.ParentsOf(task, byId)) is { } problem)
                return problem;
        }

        return null;
    }
}
