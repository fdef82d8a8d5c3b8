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
        var position = dispute.Position;
        if (position.Level == 0)
            return new PostClaims(dispute.Id, side.Trace);
        var path = new SearchPath(position, claim);
        return ListFor(side, path) is { } list
            ? new PostClaims(dispute.Id, list)
            : new OpenInputs(dispute.Id, RecordCodec.Encode(Open(side, path)));
    }

    /// <summary>What to list next; null when it is time to open.</summary>
    private static Hash256[]? ListFor(IDisputeSide side, SearchPath path)
    {
        var level = path.Position.Level;
        if (path.IsObjection || path.Mode == SearchMode.Form)
            return null;
        return path.Mode switch
        {
            SearchMode.Step when level == 1 => side.StepRoots(path.Interval),
            SearchMode.Step when level == 2 => side.ValueRoots(StepOf(side.Blueprint, path)),
            SearchMode.FirstState when level == 1 => side.StateLeaves(0),
            _ => DisputedBytes(side, path) is { } bytes ? NodesFor(bytes, path) : null,
        };
    }

    private static Hash256[]? NodesFor(byte[] bytes, SearchPath path) =>
        ChunkSpan.Follow(HashNodeList.ChunksOf(bytes.Length), path.ChunkPath) is { Count: > 1 } span
            ? HashNodeList.Of(bytes, span)
            : null;

    /// <summary>The bytes whose hash tree is searched; null where the question needs no search.</summary>
    private static byte[]? DisputedBytes(IDisputeSide side, SearchPath path)
    {
        var blueprint = side.Blueprint;
        switch (path.Mode)
        {
            case SearchMode.Step:
                var isState = path.Value < blueprint.Inputs.Length && blueprint.Inputs[path.Value].Source == InputSource.State;
                return path.Value >= blueprint.Values || isState
                    ? null
                    : side.ValueBytes(StepOf(blueprint, path), path.Value);
            case SearchMode.FirstState:
                return path.Leaf < blueprint.State.Length ? StateBytes.Before(side, path.Leaf) : null;
            default:
                var isSearched = path.Output < blueprint.Outputs.Length && blueprint.Outputs[path.Output].Kind
                    is OutputKind.State or OutputKind.Bytes or OutputKind.InitialWeights or OutputKind.Packed;
                return isSearched ? side.Blob(path.Claim.Outputs[path.Output]) : null;
        }
    }

    private static DisputeOpening Open(IDisputeSide side, SearchPath path)
    {
        var lists = new Dictionary<Hash256, Hash256[]>();
        Func<Hash256, byte[]?> values = static _ => null;
        if (path.Mode == SearchMode.Step && path.Position.Path.Length > 2)
        {
            var step = StepOf(side.Blueprint, path);
            var roots = side.ValueRoots(step);
            lists[MerkleTree.Root(roots)] = roots;
            var before = side.StateLeaves(step);
            lists[MerkleTree.Root(before)] = before;
            values = content => Array.IndexOf(roots, content) is >= 0 and var value ? side.ValueBytes(step, value) : null;
        }
        else if (path.Mode == SearchMode.Output && side.Blueprint.Steps > 0)
        {
            var leaves = side.StateLeaves(side.Blueprint.Steps);
            lists[MerkleTree.Root(leaves)] = leaves;
            values = content => Array.IndexOf(leaves, content) is >= 0 and var leaf ? StateBytes.Last(side, leaf) : null;
        }

        var evidence = new RecordedEvidence(side, lists, content => values(content) ?? side.Blob(content)
            ?? throw new InvalidOperationException($"blob {content} is not at hand"));
        try
        {
            Judge.Answer(path, evidence);
        }
        catch (PieceTooLarge)
        {
            // What was asked for until then shows it to the ledger as well.
        }

        return evidence.Opening;
    }

    private static int StepOf(Blueprint blueprint, SearchPath path) =>
        ((path.Interval - 1) * blueprint.Interval) + path.Step;
}
