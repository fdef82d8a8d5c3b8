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
        StageKind.Trace => side.Trace,
        StageKind.Steps => side.StepRoots(search.Interval),
        StageKind.Values => side.ValueRoots(StepOf(side.Blueprint, search)),
        StageKind.Leaves => LeavesOf(side, search),
        StageKind.Parts => PartsOf(side, search).Leaves,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a list of hashes"),
    };

    /// <summary>The step in dispute, counted from 0 within the task.</summary>
    public static int StepOf(Blueprint blueprint, Search search) => ((search.Interval - 1) * blueprint.Interval) + search.Step;

    public static PartRun PartsOf(IDisputeSide side, Search search) => side.Parts(
        StepOf(side.Blueprint, search), search[StageKind.Values]!.First, search[StageKind.Chunks]?.First ?? 0);

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
                ? side.ValueBytes(StepOf(blueprint, search), blueprint.State[leaves.First].Next)
                : null;
        var value = search[StageKind.Values]!.First;
        return value < blueprint.Inputs.Length && blueprint.Inputs[value].Source == InputSource.State
            ? null
            : side.ValueBytes(StepOf(blueprint, search), value);
    }

    /// <summary>The leaves of the first state; or after a step those that its own values make up.</summary>
    private static Hash256[] LeavesOf(IDisputeSide side, Search search)
    {
        if (search.IsFirstState)
            return side.StateLeaves(0);
        var step = StepOf(side.Blueprint, search);
        return side.LeavesAfter(step);
    }
}
