using System.Buffers.Binary;
using Starling.Arithmetic.Blueprints;
using Starling.Ledger.Applying;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Questions about a step: how many there are, whether its values make up its state, and each value's chunks.</summary>
internal static class StepRules
{
    /// <param name="path">The choices.</param>
    /// <param name="evidence">The openings.</param>
    /// <param name="steps">Steps that the disputed interval has.</param>
    public static bool Answer(SearchPath path, Evidence evidence, int steps)
    {
        var (position, blueprint) = (path.Position, evidence.Blueprint);
        if (path.IsObjection && position.Path.Length == 2)
            return position.Claims.Length == steps;
        if (position.Path.Length < 2 || path.Step >= steps)
            return position.Path.Length < 2 ? throw TooEarly() : false;
        if (position.Path.Length < 3)
            throw TooEarly();
        if (path.IsObjection && position.Path.Length == 3)
            return MakeUpState(path, evidence);
        if (path.Value >= blueprint.Values)
            return false;
        return path.Value < blueprint.Inputs.Length && blueprint.Inputs[path.Value].Source == InputSource.State
            ? IsStateLeaf(path, evidence, blueprint.Inputs[path.Value].Index)
            : ValueRules.Answer(path, evidence, StepNumber(path, blueprint));
    }

    internal static RefusedOpening TooEarly() => new(FailureCode.WrongMove, "the search is not at a single piece yet");

    /// <summary>The step's number in the whole run.</summary>
    internal static long StepNumber(SearchPath path, Blueprint blueprint) =>
        blueprint.FirstStep + ((path.Interval - 1L) * blueprint.Interval) + path.Step;

    /// <summary>The values that replace the state's tensors, and the cursor that follows from the loss, give the state claimed.</summary>
    private static bool MakeUpState(SearchPath path, Evidence evidence)
    {
        var (values, blueprint) = (path.Position.Claims, evidence.Blueprint);
        if (values.Length != blueprint.Values)
            return false;
        var leaves = new Hash256[blueprint.StateLeaves];
        for (var i = 0; i < blueprint.State.Length; i++)
            leaves[i] = values[blueprint.State[i].Next];
        if (blueprint.HasCursor)
            leaves[^1] = NextCursor(path, evidence, values[blueprint.Loss]);
        return MerkleTree.Root(leaves) == path.Position.Disputed[1];
    }

    private static Hash256 NextCursor(SearchPath path, Evidence evidence, Hash256 loss)
    {
        var blueprint = evidence.Blueprint;
        var before = evidence.Claim(path.Position.Agreed[1], blueprint.StateLeaves, blueprint.State.Length);
        var chunk = evidence.Chunks(loss, 1, 0, new Layout(1, 1), 0);
        return Blueprint.NextCursor(StepNumber(path, blueprint) + 1, before, BinaryPrimitives.ReadUInt32LittleEndian(chunk));
    }

    /// <summary>A tensor of the state goes into the step as it stands in the state before it.</summary>
    private static bool IsStateLeaf(SearchPath path, Evidence evidence, int leaf) =>
        evidence.Claim(path.Position.Agreed[1], evidence.Blueprint.StateLeaves, leaf) == path.Position.Disputed[2];
}
