using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>
/// Level 0 of every dispute: the defender posts the state roots of its trace, the challenger names the first that is
/// wrong. The indices after the last name the outputs that do not follow from it, and the one after those says that
/// there are too many or too few of either. A result without a trace leaves the first move to the challenger.
/// </summary>
internal static class TraceLevel
{
    public static Ruling Post(TaskRecord task, DisputePosition position, ReadOnlySpan<Hash256> claims)
    {
        var claim = task.Current.Claim!;
        if (claims.Length != claim.TraceLength || MerkleTree.Root(claims) != claim.Trace)
            return Ruling.Refuse(FailureCode.ClaimsMismatch);
        return Ruling.Continue(position with { Claims = claims.ToArray() }, DisputeTurn.Challenger);
    }

    /// <summary>
    /// Agreed is the state before the interval (zero before the first: the inputs), for an output the last state;
    /// disputed the state after the interval, or the output.
    /// </summary>
    public static Ruling Choose(TaskRecord task, DisputePosition position, int index)
    {
        var claim = task.Current.Claim!;
        if (index < 0 || index > claim.TraceLength + claim.Outputs.Length)
            return Ruling.Refuse(FailureCode.IndexOutOfRange);
        var agreed = index == 0 || claim.TraceLength == 0
            ? Hash256.Zero
            : position.Claims[Math.Min(index, claim.TraceLength) - 1];
        var output = index - claim.TraceLength;
        var disputed = output < 0 ? position.Claims[index]
            : output < claim.Outputs.Length ? claim.Outputs[output]
            : Hash256.Zero;
        return Ruling.Continue(position.Descend(index, agreed, disputed), DisputeTurn.Defender);
    }
}
