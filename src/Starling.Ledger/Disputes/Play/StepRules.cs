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
        if (!search.IsFaultStep)
        {
            var steps = search[StageKind.Steps] ?? throw TooEarly();
            if (steps.Count != search.StepsOf(blueprint))
                return false;
            if (steps.Objection != Objection.None)
                return evidence.Claim(steps.Root, steps.Count, steps.Count - 1) == search[StageKind.Trace]!.Disputed;
            if (!steps.IsItem)
                throw TooEarly();
        }

        var values = search[StageKind.Values] ?? throw TooEarly();
        if (values.Count != blueprint.Values || values.Objection == Objection.Form)
            return values.Count == blueprint.Values;
        if (values.Objection != Objection.None)
            return AboutAll(search, evidence, values);
        if (!values.IsItem)
            throw TooEarly();
        return values.First < blueprint.Inputs.Length && blueprint.Inputs[values.First].Source == InputSource.State
            ? StateBefore(search, evidence, blueprint.Inputs[values.First].Index) == values.Disputed
            : ValueRules.Answer(search, evidence, values);
    }

    /// <summary>
    /// What is said about all values of a step. Only of one that should have a state can it be said that it has another or none, and
    /// only of one that should have none that it has one.
    /// </summary>
    private static bool AboutAll(Search search, Evidence evidence, Stage values) => (search.IsFaultStep, values.Objection) switch
    {
        (true, Objection.Finite) => FaultRules.IsNotFinite(evidence, values),
        (false, Objection.State or Objection.NotFinite) => LeafRules.Answer(search, evidence, values),
        _ => true,
    };

    internal static RefusedOpening TooEarly() => new(FailureCode.WrongMove, "the search is not at a single piece yet");

    /// <summary>The step's number in the whole run.</summary>
    internal static long StepNumber(Search search, Blueprint blueprint) =>
        blueprint.FirstStep + (long)search.StepOf(blueprint);

    /// <summary>A leaf of the state before the step: agreed, since the challenger named a later one.</summary>
    internal static Hash256 StateBefore(Search search, Evidence evidence, int leaf)
    {
        var state = search[StageKind.Steps] is { First: > 0 } steps
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
