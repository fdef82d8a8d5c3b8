using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;

namespace Starling.Proofs.Receipts;

/// <summary>
/// Derives the plan from the job's specification and compares it with the ledger's tasks: every node once, each with
/// the id, specification and inputs that follow from the job and its parents' results, and nothing else.
/// </summary>
internal static class PlanCheck
{
    /// <summary>The plan, or null when the tasks are not its own.</summary>
    public static IPlan? Run(Receipt receipt, JobSpec spec, LedgerEvidence evidence, CheckList checks)
    {
        if (PlanNodes.CountOf(spec) != receipt.Tasks.Length)
        {
            checks.Fails(CheckKind.Plan, $"the plan has {PlanNodes.CountOf(spec)} tasks, the receipt {receipt.Tasks.Length}");
            return null;
        }

        var plan = Plan.Create(spec);
        var results = new Dictionary<string, TaskRecord>(StringComparer.Ordinal);
        string? problem = null;
        for (var i = 0; i < plan.Nodes.Count && problem is null; i++)
        {
            problem = Problem(plan.Nodes[i], evidence.Tasks[i])
                ?? TaskTerms.Problem(
                    plan.Nodes[i], evidence.Tasks[i], receipt.Job, name => results.GetValueOrDefault(name)?.Result);
            results[plan.Nodes[i].Name] = evidence.Tasks[i];
        }

        if (problem is null && evidence.Job.Result != evidence.Tasks[^1].Id)
            problem = "the job's result is not the plan's last task";
        return checks.Settle(
            CheckKind.Plan, problem, $"{plan.Nodes.Count} tasks follow from the specification, each from its parents' results")
            ? plan : null;
    }

    private static string? Problem(PlanNode node, TaskRecord task)
    {
        if (task.Issue.PlanNode != node.Name)
            return $"the plan's task {node.Name} is missing: {task.Issue.Node} stands in its place";
        if (task.Result is not { } claim)
            return $"task {node.Name} has no result";
        return claim.Outputs.Length == node.Outputs
            ? null
            : $"task {node.Name} gave {claim.Outputs.Length} outputs, not {node.Outputs}";
    }
}
