using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Adversaries;

/// <summary>
/// Skips the work: shows its task's inputs as if they were the outputs. Tasks without inputs it does. Caught by
/// recomputing; it has nothing to answer in a dispute and loses by silence.
/// </summary>
public sealed class LazyProvider(IRole honest, Occasion.Test? dares = null) : LyingProvider(honest, dares)
{
    private protected override bool AppliesTo(TaskSpec spec) => spec.Inputs.Length > 0;

    private protected override TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read) => new(
        new TaskOutcome.Completed(new ResultClaim(spec.Inputs, spec.Inputs[0], 1)), []);
}
