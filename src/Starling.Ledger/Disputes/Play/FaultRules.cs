using Starling.Arithmetic.Blueprints;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// Questions about a step that is said not to be finite. Its values stand in the trace, so they are searched like those of any
/// step; where all are right, the defender shows one number that is not finite.
/// </summary>
internal static class FaultRules
{
    /// <summary>Whether the chunk that the defender names holds a loss or parameter that is not finite.</summary>
    public static bool IsNotFinite(Evidence evidence, Stage values)
    {
        var blueprint = evidence.Blueprint;
        var (leaf, chunk) = evidence.Witness();
        var isLoss = leaf == blueprint.State.Length && blueprint.Loss >= 0;
        if (!isLoss && !(leaf < blueprint.State.Length && blueprint.MustBeFinite(leaf)))
            return false;
        var (value, layout) = isLoss ? (blueprint.Loss, new Layout(1, 1)) : (blueprint.State[leaf].Next, blueprint.State[leaf].Layout);
        return chunk < layout.Chunks && !LeafRules.IsFinite(
            evidence.Chunks(evidence.Claim(values.Root, values.Count, value), layout.Chunks, 0, layout, chunk));
    }
}
