using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// Computes honestly, then flips the lowest bit of a number in the middle of each result's first output: a number that
/// is only slightly off is the hardest to notice. Caught by recomputing: the output does not follow from the last state.
/// </summary>
public sealed class WrongResultProvider(IRole honest, Occasion.Test? dares = null) : LyingProvider(honest, dares)
{
    private protected override TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read)
    {
        var run = Execute(spec, read);
        if (run.Outcome is not TaskOutcome.Completed { Claim: var claim } || run.Outputs[0].Length == 0)
            return null;
        var altered = (byte[])run.Outputs[0].Clone();
        altered[altered.Length / 2 / 4 * 4] ^= 1;
        var outputs = (Hash256[])claim.Outputs.Clone();
        outputs[0] = ContentId.Of(altered).Hash;
        return new TaskRun(
            new TaskOutcome.Completed(claim with { Outputs = outputs }), [altered, .. run.Outputs.Skip(1)]);
    }
}
