using System.Buffers.Binary;
using Starling.Arithmetic.Blueprints;
using Starling.Ledger.Applying;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// Questions about a step: how many there are, whether its values make up its state and are finite where they must be, and
/// each value's chunks.
/// </summary>
internal static class StepRules
{
    public static bool Answer(Search search, Evidence evidence)
    {
        var blueprint = evidence.Blueprint;
        var steps = search[StageKind.Steps] ?? throw TooEarly();
        if (steps.Count != blueprint.StepsOf(search.Interval))
            return false;
        if (steps.Objection != Objection.None)
            return evidence.Claim(steps.Root, steps.Count, steps.Count - 1) == search[StageKind.Trace]!.Disputed;
        if (!steps.IsItem || search[StageKind.Values] is not { } values)
            throw TooEarly();
        if (values.Count != blueprint.Values || values.Objection == Objection.Form)
            return values.Count == blueprint.Values;
        if (values.Objection != Objection.None)
            return LeafRules.Answer(search, evidence, values);
        if (!values.IsItem)
            throw TooEarly();
        return values.First < blueprint.Inputs.Length && blueprint.Inputs[values.First].Source == InputSource.State
            ? StateBefore(search, evidence, blueprint.Inputs[values.First].Index) == values.Disputed
            : ValueRules.Answer(search, evidence, values);
    }

    internal static RefusedOpening TooEarly() => new(FailureCode.WrongMove, "the search is not at a single piece yet");

    /// <summary>The step's number in the whole run.</summary>
    internal static long StepNumber(Search search, Blueprint blueprint) =>
        blueprint.FirstStep + ((search.Interval - 1L) * blueprint.Interval) + search.Step;

    /// <summary>A leaf of the state before the step: agreed, since the challenger named a later one.</summary>
    internal static Hash256 StateBefore(Search search, Evidence evidence, int leaf)
    {
        var steps = search[StageKind.Steps]!;
        var state = steps.First > 0
            ? evidence.Claim(steps.Root, steps.Count, steps.First - 1)
            : evidence.Claim(search.Claim.Trace, search.Claim.TraceLength, search.Interval - 1);
        return evidence.Claim(state, evidence.Blueprint.StateLeaves, leaf);
    }

    /// <summary>The cursor that follows from the step's loss.</summary>
    internal static Hash256 NextCursor(Search search, Evidence evidence, Stage values)
    {
        var blueprint = evidence.Blueprint;
        var before = StateBefore(search, evidence, blueprint.State.Length);
        var chunk = evidence.Chunks(evidence.Claim(values.Root, values.Count, blueprint.Loss), 1, 0, new Layout(1, 1), 0);
        return Blueprint.NextCursor(
            StepNumber(search, blueprint) + 1, before, BinaryPrimitives.ReadUInt32LittleEndian(chunk));
    }
}
