using Starling.Compute.Tensors;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Receipts;

/// <summary>Makes the receipt of a job that has ended from the state after some batch.</summary>
public static class ReceiptBuilder
{
    /// <param name="state">The state after the batch of <paramref name="header"/>, in which the job is closed.</param>
    /// <param name="header">The header whose state root is the state's.</param>
    /// <param name="job">The job.</param>
    /// <param name="spec">Its specification.</param>
    /// <param name="read">Reads a blob of the local store: the raw state that was exported.</param>
    /// <returns>The receipt, or the reason that there is none.</returns>
    public static ReceiptMade Build(
        LedgerState state, SignedHeader header, JobId job, JobSpec spec, Func<Hash256, byte[]?> read)
    {
        if (header.Header.State != state.Root)
            return ReceiptMade.Failed("the state is not that of the header");
        if (state.Jobs.Find(job) is not { Status: JobStatus.Closed } record)
            return ReceiptMade.Failed($"job {job.Short} has not ended");
        var plan = Plan.Create(spec);
        if (record.Reason != CloseReason.Completed || TasksOf(state, job, plan) is not { } tasks)
            return Unfinished(state, header, job, spec);
        return ModelOf(plan, tasks, spec, read) is { } model
            ? new ReceiptMade(Assemble(state, header, job, spec, tasks, model), null)
            : ReceiptMade.Failed("the raw state that was exported is not in the store");
    }

    private static ReceiptMade Unfinished(LedgerState state, SignedHeader header, JobId job, JobSpec spec)
    {
        TaskRecord[] tasks = [.. state.TasksOf(job).OrderBy(static t => t.Id)];
        return tasks.Length <= ReceiptLimits.Tasks
            ? new ReceiptMade(Assemble(state, header, job, spec, tasks, null), null)
            : ReceiptMade.Failed($"the job had {tasks.Length} tasks; a receipt holds {ReceiptLimits.Tasks}");
    }

    private static Receipt Assemble(
        LedgerState state, SignedHeader header, JobId job, JobSpec spec, TaskRecord[] tasks, ReceiptModel? model) => new(
            RecordCodec.Encode(state.Genesis), header, RecordCodec.Encode(spec), job,
            Prove(state, StateKey.Job(job)), Array.ConvertAll(tasks, t => Prove(state, StateKey.Task(t.Id))), model)
        {
            Replicas = model is null ? [] : Array.ConvertAll(ReplicasOf(state, job, tasks), t => Prove(state, StateKey.Task(t.Id))),
        };

    /// <summary>The tasks that carry the plan's results, by node; null if one is missing.</summary>
    private static TaskRecord[]? TasksOf(LedgerState state, JobId job, IPlan plan)
    {
        var results = new Dictionary<string, TaskRecord>(StringComparer.Ordinal);
        var tasks = state.TasksOf(job).ToDictionary(t => t.Id);
        var result = state.Jobs.Get(job).Result;
        foreach (var node in plan.Nodes)
        {
            var roots = node.Parents.Select(p => results[p].Result!.Root()).ToArray();
            var quorum = QuorumCheck.Of(tasks, job, node.Name, roots);
            var task = quorum.Find(t => t.Id == result) ?? quorum.FirstOrDefault();
            if (task?.Result is null || task.Result.Outputs.Length != node.Outputs)
                return null;
            results.Add(node.Name, task);
        }

        return [.. plan.Nodes.Select(n => results[n.Name])];
    }

    /// <summary>The other tasks of quorums that gave the same.</summary>
    private static TaskRecord[] ReplicasOf(LedgerState state, JobId job, TaskRecord[] chosen)
    {
        var roots = chosen.ToDictionary(static t => t.Issue.PlanNode, StringComparer.Ordinal);
        return
        [
            .. state.TasksOf(job)
                .Where(t => t.Phase == TaskPhase.Final && roots.TryGetValue(t.Issue.PlanNode, out var one) && t.Id != one.Id
                    && t.Result!.Root() == one.Result!.Root())
                .OrderBy(static t => t.Id),
        ];
    }

    private static ReceiptModel? ModelOf(IPlan plan, TaskRecord[] tasks, JobSpec spec, Func<Hash256, byte[]?> read)
    {
        var content = ModelCheck.StateOf(plan, tasks);
        if (read(content) is not { } blob)
            return null;
        using var memory = new TensorMemory(spec.Train.Model.CreateLayout());
        if (StateBlob.Decode(blob, memory) is { } problem)
            throw new InvalidOperationException($"a final state is malformed: {problem.Message}");
        var digest = TensorDigest.Of(memory);
        var files = plan.OutcomeFiles.Select((path, i) => new ReceiptFile(path, tasks[^1].Result!.Outputs[i]));
        return new ReceiptModel(content, [.. files], digest.Blake3, digest.Sha256);
    }

    private static ProvenRecord Prove(LedgerState state, StateKey key) => new(state.Encoded(key)!, state.Prove(key));
}

/// <summary>A receipt, or the reason that there is none.</summary>
public sealed record ReceiptMade(Receipt? Receipt, string? Problem)
{
    internal static ReceiptMade Failed(string problem) => new(null, problem);
}
