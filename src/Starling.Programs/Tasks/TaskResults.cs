using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Programs.Tasks;

/// <summary>Builds the ends of runs.</summary>
internal static class TaskResults
{
    /// <summary>A result without a trace: the task has no steps.</summary>
    public static TaskRun Completed(params IReadOnlyList<byte[]> outputs) => Completed(outputs, []);

    public static TaskRun Completed(IReadOnlyList<byte[]> outputs, IReadOnlyList<Hash256> trace) =>
        new(new TaskOutcome.Completed(ClaimOf(outputs, trace)), outputs);

    /// <summary>A step that was not finite, counted from 1 within the task, ended the task: its metrics are all that it gives.</summary>
    public static TaskRun Faulted(TaskMetrics metrics, IReadOnlyList<Hash256> trace, int fault)
    {
        byte[][] outputs = [metrics.Encode()];
        return new(new TaskOutcome.Completed(ClaimOf(outputs, trace) with { Fault = fault }), outputs);
    }

    public static ResultClaim ClaimOf(IReadOnlyList<byte[]> outputs, IReadOnlyList<Hash256> trace) => new(
        [.. outputs.Select(output => ContentId.Of(output).Hash)],
        trace.Count == 0 ? Hash256.Zero : MerkleTree.Root([.. trace]),
        trace.Count);

    /// <summary>NaN has many encodings, which differ between processors; results hold this one.</summary>
    public static float Canonical(float value) => float.IsNaN(value) ? BitConverter.UInt32BitsToSingle(0x7FC0_0000) : value;
}
