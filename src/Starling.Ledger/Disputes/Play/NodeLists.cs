using System.Numerics;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// How a tree over many items is searched: a node over n items is listed as nodes of 2^k items each, k chosen so that few
/// rounds of lists of nearly equal length reach one item; the last node may hold fewer.
/// </summary>
public static class NodeLists
{
    /// <summary>Most claims of one list.</summary>
    public const int Fanout = 512;

    private const int FanoutBits = 9;

    /// <summary>Items under each listed node but the last, for a node over <paramref name="count"/> items.</summary>
    public static long GroupOf(long count)
    {
        var bits = count <= 1 ? 0 : 64 - BitOperations.LeadingZeroCount((ulong)(count - 1));
        var rounds = Math.Max(1, (bits + FanoutBits - 1) / FanoutBits);
        return 1L << (bits * (rounds - 1) / rounds);
    }

    /// <summary>Nodes listed under a node over <paramref name="count"/> items.</summary>
    public static long ListLength(long count) => (count + GroupOf(count) - 1) / GroupOf(count);

    /// <summary>The choices that lead to one of <paramref name="count"/> items, with the items under each list.</summary>
    public static (int Index, int Length)[] PathTo(int count, int item)
    {
        var path = new List<(int, int)>();
        while (path.Count == 0 || count > 1)
        {
            var group = (int)GroupOf(count);
            path.Add((item / group, count));
            (count, item) = (Math.Min(group, count - (item / group * group)), item % group);
        }

        return [.. path];
    }

    /// <summary>The node of a BLAKE3 tree above a list of neighbours of equal size, the last of which may be smaller.</summary>
    /// <param name="nodes">At least two chaining values.</param>
    /// <param name="isRoot">Whether the node is the blob's hash and not an inner node.</param>
    public static Hash256 CombineChunks(ReadOnlySpan<Hash256> nodes, bool isRoot)
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

    /// <summary>The node of a Merkle tree over a list of hashes above the claims listed under it.</summary>
    public static Hash256 CombineItems(ReadOnlySpan<Hash256> claims, long count) => MerkleTree.NodeOver(claims, GroupOf(count) == 1);

    /// <summary>What is listed for some items of a list of hashes.</summary>
    public static Hash256[] Of(ReadOnlySpan<Hash256> items)
    {
        var group = (int)GroupOf(items.Length);
        if (group == 1)
            return items.ToArray();
        var nodes = new Hash256[(int)ListLength(items.Length)];
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = MerkleTree.NodeOver(items.Slice(i * group, Math.Min(group, items.Length - (i * group))), areLeaves: true);
        return nodes;
    }
}
