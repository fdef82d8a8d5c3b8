using Starling.Arithmetic.Blueprints;
using Starling.Ledger.Disputes.Play;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Disputes;

/// <summary>The lists of a search as a side has them.</summary>
internal static class SearchLists
{
    /// <summary>The items of a list of hashes; not for chunks.</summary>
    public static Hash256[] Items(IDisputeSide side, Search search, StageKind kind) => kind switch
    {
        StageKind.Trace => side.Trace(search.Claim.Fault),
        StageKind.Steps => side.StepRoots(search.Interval),
        StageKind.Values => side.ValueRoots(search.StepOf(side.Blueprint)),
        StageKind.Leaves => LeavesOf(side, search),
        StageKind.Parts => PartsOf(side, search).Leaves,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a list of hashes"),
    };

    public static PartRun PartsOf(IDisputeSide side, Search search) => side.Parts(
        search.StepOf(side.Blueprint), search[StageKind.Values]!.First, search[StageKind.Chunks]?.First ?? 0);

    /// <summary>The bytes whose hash tree is searched; null where the question needs no search.</summary>
    public static byte[]? Bytes(IDisputeSide side, Search search)
    {
        var blueprint = side.Blueprint;
        if (search.Output is { } output)
            return blueprint.Outputs[output].Kind is OutputKind.State or OutputKind.Bytes or OutputKind.InitialWeights or OutputKind.Packed
                ? side.Blob(search.Claim.Outputs[output])
                : null;
        if (search[StageKind.Leaves] is { } leaves)
            return leaves.First == blueprint.State.Length ? null
                : search.IsFirstState ? StateBytes.Before(side, leaves.First)
                : blueprint.MustBeFinite(leaves.First)
                ? side.ValueBytes(search.StepOf(blueprint), blueprint.State[leaves.First].Next)
                : null;
        var value = search[StageKind.Values]!.First;
        return value < blueprint.Inputs.Length && blueprint.Inputs[value].Source == InputSource.State
            ? null
            : side.ValueBytes(search.StepOf(blueprint), value);
    }

    /// <summary>The leaves of the first state; or after a step those that its own values make up.</summary>
    private static Hash256[] LeavesOf(IDisputeSide side, Search search)
    {
        if (search.IsFirstState)
            return side.StateLeaves(0);
        var step = search.StepOf(side.Blueprint);
        return side.LeavesAfter(step);
    }
}
