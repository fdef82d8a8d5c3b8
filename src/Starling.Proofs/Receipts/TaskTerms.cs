using Starling.Ledger.Records;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Receipts;

/// <summary>What the plan says of one of its tasks, compared with what the ledger has.</summary>
internal static class TaskTerms
{
    /// <summary>The specification that a node's task must have; null when a parent's result is missing or a fault.</summary>
    public static TaskSpec? SpecOf(PlanNode node, Func<string, ResultClaim?> resultOf)
    {
        var inputs = new Hash256[node.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = node.Inputs[i];
            if (input.Node is null)
                inputs[i] = input.Content;
            else if (resultOf(input.Node) is { } claim && input.Output < claim.Outputs.Length)
                inputs[i] = claim.Outputs[input.Output];
            else
                return null;
        }

        return new TaskSpec(
            node.Program, TaskPrograms.Version, TaskPrograms.ArithmeticVersion, node.Parameters, inputs);
    }

    /// <summary>What is wrong with a task's id, specification or terms; null when all follow from the plan.</summary>
    public static string? Problem(PlanNode node, TaskRecord task, JobId job, Func<string, ResultClaim?> resultOf)
    {
        var roots = new Hash256[node.Parents.Count];
        for (var i = 0; i < roots.Length; i++)
        {
            if (resultOf(node.Parents[i]) is not { } parent)
                return $"task {node.Name} comes before its parents";
            roots[i] = parent.Root();
        }

        if (Derived.TaskId(job, task.Issue.Node, roots) != task.Id)
            return $"the id of task {node.Name} does not follow from its parents' results";
        if (SpecOf(node, resultOf) is not { } spec || task.Issue.Spec != Blake3.Hash(RecordCodec.Encode(spec)))
            return $"task {node.Name} ran with another specification or other inputs than the plan gives it";
        return task.Issue.Graph == node.Graph && task.Issue.Work == node.Work && task.Issue.Steering == node.Steering
            ? null
            : $"task {node.Name} was issued with other terms than the plan gives it";
    }
}
