using Starling.Ledger.Records;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// Shows as its own what another worker of the same round has shown, without computing. Caught by recomputing: two
/// workers of a round have different data. Of the same task there is nothing to copy, since only one key may commit to it.
/// </summary>
public sealed class CopiesResults(IRole honest, Occasion.Test? dares = null) : LyingProvider(honest, dares)
{
    private protected override bool AppliesTo(TaskSpec spec) => spec.Program == "inner";

    private protected override TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read)
    {
        var content = ContentId.Of(RecordCodec.Encode(spec)).Hash;
        var other = Node.State.Tasks.InOrder().FirstOrDefault(
            t => t.Issue.Spec != content && t.Issue.Node.StartsWith("inner", StringComparison.Ordinal)
                && t.Result is { Outputs.Length: > 1 });
        return other?.Result is { } claim ? new TaskRun(new TaskOutcome.Completed(claim), []) : null;
    }
}
