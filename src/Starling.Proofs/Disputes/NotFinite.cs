using Starling.Arithmetic.Blueprints;
using Starling.Ledger.Disputes.Play;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Disputes;

/// <summary>Finds what is not finite among the losses and parameters that a step gave.</summary>
internal static class NotFinite
{
    /// <summary>
    /// The first tensor of the state, or the number after the last for the loss, and a chunk of it; null where all is finite.
    /// </summary>
    public static (int Leaf, long Chunk)? Of(IDisputeSide side, int step)
    {
        var blueprint = side.Blueprint;
        for (var leaf = 0; leaf <= blueprint.State.Length; leaf++)
            if (ValueOf(blueprint, leaf) is { } value && ChunkOf(side.ValueBytes(step, value)) is { } chunk)
                return (leaf, chunk);
        return null;
    }

    /// <summary>The first chunk, from one on, with a number that is not finite.</summary>
    public static long? ChunkOf(byte[] bytes, long first = 0)
    {
        for (var chunk = first; chunk * Blake3.ChunkSize < bytes.Length; chunk++)
            if (!LeafRules.IsFinite(bytes.AsSpan(checked((int)(chunk * Blake3.ChunkSize)), Blake3.ChunkSize)))
                return chunk;
        return null;
    }

    private static int? ValueOf(Blueprint blueprint, int leaf) => leaf == blueprint.State.Length
        ? blueprint.Loss >= 0 ? blueprint.Loss : null
        : blueprint.MustBeFinite(leaf) ? blueprint.State[leaf].Next : null;
}
