using System.Buffers.Binary;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Merkle;

/// <summary>
/// A Merkle tree over a list of hashes, of the shape of RFC 6962 (the left side of every split is the largest power of
/// two below the size). Leaves, nodes and roots are hashed in domains of their own, so none can stand for another or
/// for a blob. The root covers the number of leaves: a proof holds for one count only.
/// </summary>
public static class MerkleTree
{
    private static readonly HashDomain Leaf = HashDomain.Get("merkle leaf");
    private static readonly HashDomain Node = HashDomain.Get("merkle node");
    private static readonly HashDomain Top = HashDomain.Get("merkle root");

    /// <summary>The root of a list; the empty list has one too.</summary>
    public static Hash256 Root(ReadOnlySpan<Hash256> leaves)
    {
        if (leaves.IsEmpty) return Seal(0, Hash256.Zero);
        var level = Bottom(leaves);
        while (level.Length > 1) level = Above(level);
        return Seal(leaves.Length, level[0]);
    }

    /// <summary>The siblings on the way from leaf <paramref name="index"/> to the root, lowest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such leaf.</exception>
    public static Hash256[] Prove(ReadOnlySpan<Hash256> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        var path = new List<Hash256>();
        for (var level = Bottom(leaves); level.Length > 1; level = Above(level), index >>= 1)
            if ((index ^ 1) < level.Length)
                path.Add(level[index ^ 1]);
        return [.. path];
    }

    /// <summary>Whether the list of <paramref name="count"/> leaves with this root has this leaf at this index.</summary>
    public static bool Verify(Hash256 root, long count, long index, Hash256 leaf, ReadOnlySpan<Hash256> path)
    {
        if (index < 0 || index >= count) return false;
        var hash = Leaf.Hash(leaf);
        for (var (at, width) = (index, count); width > 1; at >>= 1, width = width / 2 + width % 2)
        {
            // The last of an odd number of nodes rises unchanged.
            if ((at ^ 1) >= width) continue;
            if (path.IsEmpty) return false;
            hash = (at & 1) == 0 ? Node.Hash(hash, path[0]) : Node.Hash(path[0], hash);
            path = path[1..];
        }

        return path.IsEmpty && Seal(count, hash) == root;
    }

    /// <summary>The node above neighbouring leaves or nodes of equal size, the last of which may be smaller.</summary>
    /// <param name="items">At least one.</param>
    /// <param name="areLeaves">Whether they are leaves of the list and not nodes.</param>
    public static Hash256 NodeOver(ReadOnlySpan<Hash256> items, bool areLeaves)
    {
        var level = areLeaves ? Bottom(items) : items.ToArray();
        while (level.Length > 1) level = Above(level);
        return level[0];
    }

    /// <summary>The root of a list of <paramref name="count"/> leaves from the node above all of them.</summary>
    public static Hash256 RootOf(long count, Hash256 top) => Seal(count, top);

    private static Hash256[] Bottom(ReadOnlySpan<Hash256> leaves)
    {
        var level = new Hash256[leaves.Length];
        for (var i = 0; i < level.Length; i++) level[i] = Leaf.Hash(leaves[i]);
        return level;
    }

    private static Hash256[] Above(Hash256[] level)
    {
        var above = new Hash256[(level.Length + 1) / 2];
        for (var i = 0; i < level.Length / 2; i++) above[i] = Node.Hash(level[2 * i], level[2 * i + 1]);
        if (level.Length % 2 == 1) above[^1] = level[^1];
        return above;
    }

    private static Hash256 Seal(long count, Hash256 top)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + Hash256.Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, count);
        top.CopyTo(bytes[sizeof(long)..]);
        return Top.Hash(bytes);
    }
}
