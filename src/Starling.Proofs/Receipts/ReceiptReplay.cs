using Starling.Arithmetic.Catalogue;
using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Receipts;

/// <summary>Recomputes a job from its data and compares every task's result with the receipt. Pure and slow.</summary>
public static class ReceiptReplay
{
    /// <param name="receipt">A receipt that verifies.</param>
    /// <param name="dataset">The job's data; must be what the specification pins.</param>
    /// <param name="backend">Runs the operators.</param>
    /// <param name="progress">Told the name of each task before it runs, how many ran, and how many there are.</param>
    /// <param name="cancel">Checked between steps.</param>
    /// <returns>Why the replay disagrees with the receipt; null when it agrees on every task.</returns>
    public static string? Run(
        Receipt receipt, ReadOnlyMemory<byte> dataset, IBackend backend, Action<string, int, int> progress,
        CancellationToken cancel = default)
    {
        var spec = RecordCodec.Decode<JobSpec>(receipt.Spec);
        var content = ContentId.Of(dataset.Span);
        if (content.Hash != spec.Dataset.Content)
            return $"the data is {content}, the job's is {new ContentId(spec.Dataset.Content)}";
        var plan = Plan.Create(spec);
        var blobs = new Dictionary<Hash256, ReadOnlyMemory<byte>> { [content.Hash] = dataset };
        var results = new Dictionary<string, TaskResult>(StringComparer.Ordinal);
        for (var i = 0; i < plan.Nodes.Count; i++)
        {
            var node = plan.Nodes[i];
            progress(node.Name, i, plan.Nodes.Count);
            var task = RecordCodec.Decode<TaskRecord>(receipt.Tasks[i].Value);
            var planned = plan.Next(receipt.Job, results).Tasks.First(t => t.Node == node.Name);
            var run = TaskPrograms.Execute(
                planned.Spec, Array.ConvertAll(planned.Spec.Inputs, input => blobs[input]),
                new TaskContext(backend, Cancellation: cancel));
            cancel.ThrowIfCancellationRequested();
            if (Difference(node, task, run) is { } difference)
                return difference;
            results.Add(node.Name, new TaskResult(task.Id, task.Result!));
            Keep(plan, i, results, run, blobs);
        }

        return null;
    }

    private static string? Difference(PlanNode node, TaskRecord task, TaskRun run) => run.Outcome switch
    {
        TaskOutcome.Completed { Claim: var claim } when claim.Equals(task.Result) => null,
        TaskOutcome.Completed { Claim: var claim } =>
            $"task {node.Name} gives {Name(claim)} here, {Name(task.Result!)} in the receipt",
        TaskOutcome.Refused refused => $"task {node.Name} cannot be run: {refused.Reason}",
        TaskOutcome.Failed failed => $"task {node.Name} failed here: {failed.Reason}",
        _ => throw new InvalidOperationException($"unknown outcome {run.Outcome}"),
    };

    /// <summary>Keeps the outputs, and of all blobs only those that a later task reads.</summary>
    private static void Keep(
        IPlan plan, int done, Dictionary<string, TaskResult> results, TaskRun run,
        Dictionary<Hash256, ReadOnlyMemory<byte>> blobs)
    {
        var claim = results[plan.Nodes[done].Name].Claim;
        for (var i = 0; i < run.Outputs.Count; i++)
            blobs[claim.Outputs[i]] = run.Outputs[i];
        var wanted = new HashSet<Hash256>();
        foreach (var later in plan.Nodes.Skip(done + 1))
            foreach (var input in later.Inputs)
                if (input.Node is null)
                    wanted.Add(input.Content);
                else if (results.TryGetValue(input.Node, out var made))
                    wanted.Add(made.Claim.Outputs[input.Output]);
        foreach (var old in blobs.Keys.Where(k => !wanted.Contains(k)).ToArray())
            blobs.Remove(old);
    }

    private static string Name(ResultClaim claim) => claim.Root().ToString()[..16];
}
