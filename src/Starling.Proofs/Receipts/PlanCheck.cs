using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Receipts;

/// <summary>
/// Derives the plan from the job's specification and compares it with the ledger's tasks: every node once, each with
/// the id, specification and inputs that follow from the job and its parents' results, and nothing else.
/// </summary>
internal static class PlanCheck
{
    /// <summary>The plan, or null when the tasks are not its own.</summary>
    public static IPlan? Run(Receipt receipt, JobSpec? spec, LedgerEvidence evidence, CheckList checks)
    {
        if (spec is null)
            return null;
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
            problem = Problem(plan.Nodes[i], evidence.Tasks[i], receipt.Job, results);
            results[plan.Nodes[i].Name] = evidence.Tasks[i];
        }

        if (problem is null && evidence.Job.Result != evidence.Tasks[^1].Id)
            problem = "the job's result is not the plan's last task";
        return checks.Settle(
            CheckKind.Plan, problem, $"{plan.Nodes.Count} tasks follow from the specification, each from its parents' results")
            ? plan : null;
    }

    private static string? Problem(
        PlanNode node, TaskRecord task, JobId job, Dictionary<string, TaskRecord> results)
    {
        if (task.Issue.Node != node.Name)
            return $"the plan's task {node.Name} is missing: {task.Issue.Node} stands in its place";
        if (task.Result is not { } claim)
            return $"task {node.Name} has no result";
        if (claim.Outputs.Length != node.Outputs)
            return $"task {node.Name} gave {claim.Outputs.Length} outputs, not {node.Outputs}";
        if (node.Parents.Any(parent => !results.ContainsKey(parent)))
            return $"task {node.Name} comes before its parents";
        if (Derived.TaskId(job, node.Name, [.. node.Parents.Select(p => results[p].Result!.Root())]) != task.Id)
            return $"the id of task {node.Name} does not follow from its parents' results";
        if (task.Issue.Spec != Blake3.Hash(RecordCodec.Encode(SpecOf(node, results))))
            return $"task {node.Name} ran with another specification or other inputs than the plan gives it";
        return task.Issue.Graph == node.Graph && task.Issue.Work == node.Work && task.Issue.Steering == node.Steering
            ? null
            : $"task {node.Name} was issued with other terms than the plan gives it";
    }

    private static TaskSpec SpecOf(PlanNode node, Dictionary<string, TaskRecord> results) => new(
        node.Program, TaskPrograms.Version, TaskPrograms.ArithmeticVersion, node.Parameters,
        [.. node.Inputs.Select(i => i.Node is null ? i.Content : results[i.Node].Result!.Outputs[i.Output])]);
}
