using Starling.Compute.Tensors;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Programs.Tasks.Training;

/// <summary>
/// Roots of states. A tensor's root is the BLAKE3 of its padded bytes, as they stand in its blob; the root of a state is
/// the Merkle root over its tensors' roots in order and, for a training state, its cursor.
/// </summary>
/// <remarks>
/// The cursor holds the number of steps done, by which batches are drawn, and all losses of the task so far. Plain,
/// without salt: two honest runs have equal roots.
/// </remarks>
internal sealed class StateHasher(params TensorLayout[] layouts)
{
    private readonly byte[][] _encoded = Array.ConvertAll(layouts, layout => new byte[layout.TotalBytes]);

    /// <summary>Hashes memories of the layouts; <paramref name="cursor"/> is null for a state without one.</summary>
    public Hash256[] Leaves(Hash256? cursor, params ReadOnlySpan<TensorMemory> memories)
    {
        List<Hash256> leaves = [];
        for (var i = 0; i < memories.Length; i++)
        {
            StateBlob.Encode(memories[i], _encoded[i]);
            foreach (var entry in memories[i].Layout.Entries)
                leaves.Add(Blake3.Hash(_encoded[i].AsSpan((int)entry.Offset, (int)entry.Bytes)));
        }

        if (cursor is { } leaf)
            leaves.Add(leaf);
        return [.. leaves];
    }

    public Hash256 Root(Hash256? cursor, params ReadOnlySpan<TensorMemory> memories) =>
        MerkleTree.Root(Leaves(cursor, memories));

    /// <summary>A copy of the blob of a layout, as it was hashed last.</summary>
    public byte[] Blob(int layout) => [.. _encoded[layout]];
}
