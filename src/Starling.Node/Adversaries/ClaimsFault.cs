using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Programs.Tasks.Parameters;
using Starling.Proofs.Disputes;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Node.Adversaries;

/// <summary>
/// Says that the first step of its training gave NaN, which ends a task early and is paid, although it gave a number.
/// Caught by recomputing: a fault is a result like any other.
/// </summary>
public sealed class ClaimsFault(IRole honest, Occasion.Test? dares = null) : LyingProvider(honest, dares)
{
    private protected override bool AppliesTo(TaskSpec spec) => spec.Program == "inner";

    private protected override TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read)
    {
        using var side = ReplayedSide.Open(spec, read, Backend, out _);
        if (side is null)
            return null;
        var parameters = RecordCodec.Decode<InnerParameters>(spec.Parameters);
        var metrics = new TaskMetrics(
            parameters.FromStep, [float.NaN], parameters.RecordsPerStep, null, null,
            $"step {parameters.FromStep + 1} is not finite").Encode();
        var trace = side.Trace(1);
        var claim = new ResultClaim([ContentId.Of(metrics).Hash], MerkleTree.Root(trace), trace.Length) { Fault = 1 };
        return new TaskRun(new TaskOutcome.Completed(claim), [metrics]);
    }
}
