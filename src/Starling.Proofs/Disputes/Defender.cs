using Starling.Arithmetic.Blueprints;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Disputes;

/// <summary>The worker's moves: lists what lies under the disputed claim and opens the last piece.</summary>
public static class Defender
{
    /// <summary>The next move of the dispute's defender, whose turn it must be.</summary>
    public static TransactionBody Move(IDisputeSide side, ResultClaim claim, DisputeRecord dispute)
    {
        var search = new Search(dispute.Position, claim);
        return ListFor(side, search, dispute) ?? new OpenInputs(dispute.Id, RecordCodec.Encode(Open(side, search)));
    }

    /// <summary>What to list next; null when it is time to open.</summary>
    private static TransactionBody? ListFor(IDisputeSide side, Search search, DisputeRecord dispute)
    {
        if (search.Next is not { } kind)
            return null;
        if (kind == StageKind.Chunks)
            return Chunks(side, search) is { } nodes ? new PostClaims(dispute.Id, nodes.Claims) { Length = nodes.Length } : null;
        if (kind == StageKind.Parts && !search.Continues && IsOnePart(side, search))
            return null;
        var items = SearchLists.Items(side, search, kind);
        if (search.Continues)
            items = items.AsSpan(search.Last!.First, search.Last.Span).ToArray();
        return new PostClaims(dispute.Id, NodeLists.Of(items)) { Length = items.Length };
    }

    private static bool IsOnePart(IDisputeSide side, Search search) =>
        PartRun.Count(side, search[StageKind.Values]!.First, search[StageKind.Chunks]!.First) == 1;

    private static (Hash256[] Claims, int Length)? Chunks(IDisputeSide side, Search search)
    {
        if (SearchLists.Bytes(side, search) is not { } bytes)
            return null;
        if (search.Continues)
            return (HashNodeList.Of(bytes, search.Last!.First, search.Last.Span), search.Last.Span);
        var count = HashNodeList.ChunksOf(bytes.Length);
        // A single chunk is listed only where its parts are searched below.
        var isListed = count > 1 || (search[StageKind.Values] is { IsItem: true } values && PartRun.Count(side, values.First, 0) > 1);
        return isListed ? (HashNodeList.Of(bytes, 0, count), (int)count) : null;
    }

    private static DisputeOpening Open(IDisputeSide side, Search search)
    {
        var lists = new Dictionary<Hash256, Hash256[]>();
        void Know(Hash256[] list) => lists[MerkleTree.Root(list)] = list;
        Know(side.Trace(search.Claim.Fault));
        Func<Hash256, byte[]?> values = static _ => null;
        var left = Array.Empty<byte[]>();
        if (search[StageKind.Steps] is not null)
            Know(side.StepRoots(search.Interval));
        if (search[StageKind.Values] is not null)
        {
            values = KnowStep(side, search.StepOf(side.Blueprint), Know);
        }
        else if (search is { Claim.Fault: > 0, Output: not null })
        {
            values = KnowStep(side, search.Claim.Fault - 1, Know);
        }
        else if (search.Output < search.Claim.Outputs.Length && side.Blueprint.Steps > 0)
        {
            var leaves = side.StateLeaves(side.Blueprint.Steps);
            Know(leaves);
            values = content => Array.IndexOf(leaves, content) is >= 0 and var leaf ? StateBytes.Last(side, leaf) : null;
        }

        if (search[StageKind.Parts] is not null)
        {
            var parts = SearchLists.PartsOf(side, search);
            Know(parts.Leaves);
            left = parts.Left;
        }

        var evidence = new RecordedEvidence(side, search, lists, left, content => values(content) ?? side.Blob(content)
            ?? throw new InvalidOperationException($"blob {content} is not at hand"));
        Judge.Answer(search, evidence);
        return evidence.Opening;
    }

    /// <summary>The lists of a step and of the state before it; gives what finds the bytes of its values.</summary>
    private static Func<Hash256, byte[]?> KnowStep(IDisputeSide side, int step, Action<Hash256[]> know)
    {
        var roots = side.ValueRoots(step);
        know(roots);
        know(side.StateLeaves(step));
        return content => Array.IndexOf(roots, content) is >= 0 and var value ? side.ValueBytes(step, value) : null;
    }
}
