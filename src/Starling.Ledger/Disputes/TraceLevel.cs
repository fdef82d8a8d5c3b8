using Starling.Ledger.Applying;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>
/// Level 0 of every dispute: the defender posts the state roots of its trace, or nodes over them, the challenger names the
/// first that is wrong. The indices after the last name the outputs that do not follow from it, and the one after those says
/// that there are too many or too few of either. A result without a trace leaves the first move to the challenger.
/// </summary>
internal static class TraceLevel
{
    public static Ruling Post(TaskRecord task, DisputePosition position, PostClaims body)
    {
        var (claim, claims) = (task.Current.Claim!, body.Claims);
        if (body.Length != claim.TraceLength || claims.Length != NodeLists.ListLength(body.Length)
            || MerkleTree.RootOf(body.Length, NodeLists.CombineItems(claims, body.Length)) != claim.Trace)
            return Ruling.Refuse(FailureCode.ClaimsMismatch);
        return Ruling.Continue(position with { Claims = claims, Length = body.Length }, DisputeTurn.Challenger);
    }

    /// <summary>Agreed is what stands before the chosen one (zero before the first: the inputs), for an output the last state.</summary>
    public static Ruling Choose(TaskRecord task, DisputePosition position, int index)
    {
        var (claim, claims) = (task.Current.Claim!, position.Claims);
        if (index < 0 || index > claims.Length + claim.Outputs.Length || claims.Length == 0 != (claim.TraceLength == 0))
            return Ruling.Refuse(FailureCode.IndexOutOfRange);
        var agreed = index == 0 || claims.Length == 0 ? Hash256.Zero : claims[Math.Min(index, claims.Length) - 1];
        var output = index - claims.Length;
        var disputed = output < 0 ? claims[index]
            : output < claim.Outputs.Length ? claim.Outputs[output]
            : Hash256.Zero;
        return Ruling.Continue(position.Descend(index, agreed, disputed, claim.Trace), DisputeTurn.Defender);
    }
}
