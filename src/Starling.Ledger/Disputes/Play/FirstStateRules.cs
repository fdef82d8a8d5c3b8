using Starling.Arithmetic.Blueprints;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Questions about the first state: each tensor is a copy of an input, or zero; the cursor follows from the task.</summary>
internal static class FirstStateRules
{
    public static bool Answer(Search search, Evidence evidence)
    {
        var blueprint = evidence.Blueprint;
        var leaves = search[StageKind.Leaves] ?? throw StepRules.TooEarly();
        if (leaves.Count != blueprint.StateLeaves || leaves.Objection != Objection.None)
            return leaves.Count == blueprint.StateLeaves;
        if (!leaves.IsItem)
            throw StepRules.TooEarly();
        if (leaves.First == blueprint.State.Length)
            return leaves.Disputed == Blueprint.FirstCursor(blueprint.FirstStep);
        var tensor = blueprint.State[leaves.First];
        return ChunkRules.Answer(search, tensor.Layout.Bytes, chunk => tensor.Input < 0
            ? new byte[Blake3.ChunkSize]
            : evidence.Chunks(evidence.Input(tensor.Input), tensor.BlobChunks, tensor.FirstChunk, tensor.Layout, chunk));
    }
}
