using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>
/// Level 0 of every dispute: the defender posts the state roots of its trace, the challenger names the first that is
/// wrong. The index one past the last says that the trace is right but the outputs do not follow from it.
/// </summary>
internal static class TraceLevel
{
    /// <summary>Where a dispute starts. Without a trace only the outputs can be in doubt: level 0 is over before it began.</summary>
    public static DisputePosition Start(ResultClaim claim) => claim.TraceLength == 0
        ? DisputePosition.Start.Descend(0, Hash256.Zero, Hash256.Zero)
        : DisputePosition.Start;

    public static Ruling Post(TaskRecord task, DisputePosition position, ReadOnlySpan<Hash256> claims)
    {
        var claim = task.Current.Claim!;
        if (claims.Length != claim.TraceLength || MerkleTree.Root(claims) != claim.Trace)
            return Ruling.Refuse(FailureCode.ClaimsMismatch);
        return Ruling.Continue(position with { Claims = claims.ToArray() }, DisputeTurn.Challenger);
    }

    /// <summary>Agreed is the state before the interval (zero before the first: the inputs); disputed the one after.</summary>
    public static Ruling Choose(DisputePosition position, int index)
    {
        var claims = position.Claims;
        if (index < 0 || index > claims.Length)
            return Ruling.Refuse(FailureCode.IndexOutOfRange);
        var agreed = index == 0 ? Hash256.Zero : claims[index - 1];
        var disputed = index == claims.Length ? Hash256.Zero : claims[index];
        return Ruling.Continue(position.Descend(index, agreed, disputed), DisputeTurn.Defender);
    }
}
