using System.Numerics;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// How the BLAKE3 tree of a value is searched: a node over n chunks is listed as nodes of 2^k chunks each, with the
/// smallest k that needs at most <see cref="Fanout"/> of them; the last may hold fewer.
/// </summary>
public static class HashNodes
{
    public const int Fanout = 4096;

    /// <summary>Chunks under each listed node but the last, for a node over <paramref name="chunks"/> chunks.</summary>
    public static long GroupOf(long chunks) =>
        chunks <= Fanout ? 1 : (long)BitOperations.RoundUpToPowerOf2((ulong)((chunks + Fanout - 1) / Fanout));

    /// <summary>Nodes listed under a node over <paramref name="chunks"/> chunks.</summary>
    public static long ListLength(long chunks) => (chunks + GroupOf(chunks) - 1) / GroupOf(chunks);

    /// <summary>The node above a list of neighbours of equal size, the last of which may be smaller.</summary>
    /// <param name="nodes">At least two chaining values.</param>
    /// <param name="isRoot">Whether the node is the blob's hash and not an inner node.</param>
    public static Hash256 Combine(ReadOnlySpan<Hash256> nodes, bool isRoot)
    {
        var level = nodes.ToArray();
        while (level.Length > 2)
        {
            var above = new Hash256[(level.Length + 1) / 2];
            for (var i = 0; i < level.Length / 2; i++)
                above[i] = Blake3.Combine(level[2 * i], level[(2 * i) + 1]);
            if (level.Length % 2 == 1)
                above[^1] = level[^1];
            level = above;
        }

        return isRoot ? Blake3.CombineRoot(level[0], level[1]) : Blake3.Combine(level[0], level[1]);
    }
}
