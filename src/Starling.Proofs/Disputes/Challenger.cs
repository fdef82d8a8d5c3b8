using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
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
        var shown = position.Claims.Length;
        if (!side.Blueprint.Fits(claim))
            return shown + claim.Outputs.Length;
        var state = FirstDifference(position.Claims, side.Trace(claim.Fault), position.Length);
        if (state < shown)
            return state;
        // The values of the step that faults are right, so it does not.
        if (claim.Fault != side.Fault)
            return shown - 1;
        var output = 0;
        while (output < claim.Outputs.Length && claim.Outputs[output] == side.Outputs[output])
            output++;
        return shown + output;
    }

    private static int Choose(IDisputeSide side, ResultClaim claim, DisputePosition position)
    {
        var search = new Search(position, claim);
        var (claims, kind) = (position.Claims, search.Next!.Value);
        if (!search.Continues && Expected(side, search, kind) is { } expected && expected != position.Length)
            return claims.Length;
        if (kind == StageKind.Chunks)
            return ChunkChoice(side, search, claims);
        if (kind == StageKind.Leaves && search.AboutValues == Objection.NotFinite)
            return FirstNotFinite(side, search, position);
        var items = kind == StageKind.Leaves && !search.IsFirstState
            ? LeavesOf(side, search)
            : SearchLists.Items(side, search, kind);
        var first = search.Continues ? search.Last!.First : 0;
        var index = FirstDifference(claims, items.AsSpan(Math.Min(first, items.Length)), position.Length);
        if (index < claims.Length || kind is not (StageKind.Values or StageKind.Trace))
            return index;
        if (kind == StageKind.Trace || search.Continues)
            return claims.Length - 1;
        // All values are right: they have a state after all, they have none, or not the one claimed.
        var objection = search.IsFaultStep ? Objection.Finite
            : NotFinite.Of(side, search.StepOf(side.Blueprint)) is null ? Objection.State
            : Objection.NotFinite;
        return claims.Length + (int)objection - 1;
    }

    /// <summary>How long a list must be; null for chunks where the side has other bytes, since their hashes differ then.</summary>
    private static long? Expected(IDisputeSide side, Search search, StageKind kind) => kind switch
    {
        StageKind.Steps => search.StepsOf(side.Blueprint),
        StageKind.Values => side.Blueprint.Values,
        StageKind.Leaves => side.Blueprint.StateLeaves,
        StageKind.Parts => PartRun.Count(side, search[StageKind.Values]!.First, search[StageKind.Chunks]!.First),
        StageKind.Chunks => BytesOf(side, search) is { } bytes ? HashNodeList.ChunksOf(bytes.Length) : null,
        _ => null,
    };

    /// <summary>The bytes that the side holds to be right: of an output its own, not the blob claimed.</summary>
    private static byte[]? BytesOf(IDisputeSide side, Search search) => search.Output is { } output
        ? side.Blob(side.Outputs[output])
        : SearchLists.Bytes(side, search);

    private static int ChunkChoice(IDisputeSide side, Search search, Hash256[] claims)
    {
        var bytes = BytesOf(side, search)!;
        var (first, span) = search.Continues ? (search.Last!.First, search.Last.Span) : (0, (int)HashNodeList.ChunksOf(bytes.Length));
        if (search.AboutValues == Objection.NotFinite)
            return (int)((NotFinite.ChunkOf(bytes, first)!.Value - first) / NodeLists.GroupOf(span));
        var nodes = HashNodeList.Of(bytes, first, span);
        var index = 0;
        while (index < claims.Length - 1 && claims[index] == nodes[index])
            index++;
        return index;
    }

    /// <summary>The leaves that the agreed values of the step make up.</summary>
    private static Hash256[] LeavesOf(IDisputeSide side, Search search)
    {
        var step = search.StepOf(side.Blueprint);
        var roots = side.ValueRoots(step);
        Hash256[] tensors = Array.ConvertAll(side.Blueprint.State, tensor => roots[tensor.Next]);
        return side.Blueprint.HasCursor ? [.. tensors, side.LeavesAfter(step)[^1]] : tensors;
    }

    private static int FirstNotFinite(IDisputeSide side, Search search, DisputePosition position)
    {
        var leaf = NotFinite.Of(side, search.StepOf(side.Blueprint))!.Value.Leaf;
        var first = search.Continues ? search.Last!.First : 0;
        return (int)((leaf - first) / NodeLists.GroupOf(position.Length));
    }

    /// <summary>The first claim that own items do not give; items that the side has not are different.</summary>
    private static int FirstDifference(Hash256[] claims, ReadOnlySpan<Hash256> items, int length)
    {
        var group = (int)NodeLists.GroupOf(length);
        for (var i = 0; i < claims.Length; i++)
        {
            var (start, count) = (i * group, Math.Min(group, length - (i * group)));
            if (start + count > items.Length)
                return i;
            var own = group == 1 ? items[start] : MerkleTree.NodeOver(items.Slice(start, count), areLeaves: true);
            if (own != claims[i])
                return i;
        }

        return claims.Length;
    }
}
