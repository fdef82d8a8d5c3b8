using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Disputes;

/// <summary>The challenger's moves: names the first item of the defender's list that its own run does not give.</summary>
public static class Challenger
{
    /// <summary>The next move of the dispute's challenger, whose turn it must be.</summary>
    public static ChooseClaim Move(IDisputeSide side, ResultClaim claim, DisputeRecord dispute) =>
        new(dispute.Id, dispute.Position.Level == 0 ? ChooseFirst(side, claim, dispute.Position) : Choose(side, claim, dispute.Position));

    /// <summary>A state, an output, or that there are too many or too few of them.</summary>
    private static int ChooseFirst(IDisputeSide side, ResultClaim claim, DisputePosition position)
    {
        var state = FirstDifference(position.Claims, side.Trace);
        if (state < claim.TraceLength)
            return state;
        if (claim.TraceLength != side.Trace.Length || claim.Outputs.Length != side.Outputs.Length)
            return claim.TraceLength + claim.Outputs.Length;
        return claim.TraceLength + FirstDifference(claim.Outputs, side.Outputs);
    }

    private static int Choose(IDisputeSide side, ResultClaim claim, DisputePosition position)
    {
        var path = new SearchPath(position, claim);
        var truth = Truth(side, path);
        var claims = position.Claims;
        // A list of another length than the task's is wrong as a whole.
        if (claims.Length != truth.Length)
            return claims.Length;
        // Where all items are right, they do not lead to the claim above: that is a matter of form too.
        return FirstDifference(claims, truth);
    }

    private static Hash256[] Truth(IDisputeSide side, SearchPath path)
    {
        var level = path.Position.Level;
        if (path.Mode == SearchMode.Step && level == 1)
            return side.StepRoots(path.Interval);
        var step = path.Mode == SearchMode.Step ? ((path.Interval - 1) * side.Blueprint.Interval) + path.Step : 0;
        if (path.Mode == SearchMode.Step && level == 2)
            return side.ValueRoots(step);
        if (path.Mode == SearchMode.FirstState && level == 1)
            return side.StateLeaves(0);
        var bytes = path.Mode switch
        {
            SearchMode.Step => side.ValueBytes(step, path.Value),
            SearchMode.FirstState => StateBytes.Before(side, path.Leaf),
            _ => side.Blob(side.Outputs[path.Output])!,
        };
        return ChunkSpan.Follow(HashNodeList.ChunksOf(bytes.Length), path.ChunkPath) is { } span
            ? HashNodeList.Of(bytes, span)
            : [];
    }

    private static int FirstDifference(Hash256[] claims, Hash256[] truth)
    {
        var i = 0;
        while (i < claims.Length && i < truth.Length && claims[i] == truth[i])
            i++;
        return i;
    }
}
