using Starling.Arithmetic.Blueprints;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Questions about the first state: each tensor is a copy of an input, or zero; the cursor follows from the task.</summary>
internal static class FirstStateRules
{
    public static bool Answer(SearchPath path, Evidence evidence)
    {
        var (position, blueprint) = (path.Position, evidence.Blueprint);
        if (path.IsObjection && position.Path.Length == 2)
            return position.Claims.Length == blueprint.StateLeaves;
        if (position.Path.Length < 2)
            throw StepRules.TooEarly();
        if (path.Leaf >= blueprint.StateLeaves)
            return false;
        if (path.Leaf == blueprint.State.Length)
            return position.Disputed[1] == Blueprint.FirstCursor(blueprint.FirstStep);
        var tensor = blueprint.State[path.Leaf];
        return ChunkRules.Answer(path, tensor.Layout.Bytes, chunk => tensor.Input < 0
            ? new byte[Blake3.ChunkSize]
            : evidence.Chunks(evidence.Input(tensor.Input), tensor.BlobChunks, tensor.FirstChunk, tensor.Layout, chunk));
    }
}
