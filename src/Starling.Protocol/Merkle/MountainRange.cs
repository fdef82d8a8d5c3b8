using Starling.Protocol.Hashing;

namespace Starling.Protocol.Merkle;

/// <summary>Shows that an entry stands at an index of a mountain range of some size.</summary>
/// <param name="Path">Siblings from the entry to the peak of its mountain, lowest first.</param>
/// <param name="Peaks">The other peaks, oldest first.</param>
public sealed record MountainProof(Hash256[] Path, Hash256[] Peaks);

/// <summary>
/// An append-only Merkle mountain range that keeps every node (64 bytes per entry) and so can prove any entry
/// against the root of any size it has had.
/// </summary>
public sealed class MountainRange
{
    // Level k holds the roots of all full subtrees of 2^k entries, oldest first.
    private readonly List<List<Hash256>> _levels = [[]];

    /// <summary>Entries appended.</summary>
    public long Count => _levels[0].Count;

    /// <summary>The peaks, the one over the oldest entries first.</summary>
    public Hash256[] Peaks => PeaksAt(Count);

    /// <summary>The hash of the count and the peaks.</summary>
    public Hash256 Root => RootAt(Count);

    public void Append(Hash256 entry)
    {
        _levels[0].Add(Mountain.Leaf.Hash(entry));
        for (var k = 0; _levels[k].Count % 2 == 0; k++)
        {
            if (_levels.Count == k + 1) _levels.Add([]);
            _levels[k + 1].Add(Mountain.Node.Hash(_levels[k][^2], _levels[k][^1]));
        }
    }

    /// <summary>The root as it was at an earlier size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range has never had this size.</exception>
    public Hash256 RootAt(long size) => Mountain.Root(size, PeaksAt(size));

    /// <summary>The peaks as they were at an earlier size: with the size, all that <see cref="MountainPeaks"/> needs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range has never had this size.</exception>
    public Hash256[] PeaksAt(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Count);
        var peaks = new List<Hash256>();
        for (var k = _levels.Count - 1; k >= 0; k--)
            if ((size >> k & 1) == 1)
                peaks.Add(_levels[k][(int)(size >> k) - 1]);
        return [.. peaks];
    }

    /// <summary>Proves the entry at <paramref name="index"/> against the root at <paramref name="size"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such size, or no such index at that size.</exception>
    public MountainProof Prove(long index, long size)
    {
        var peaks = PeaksAt(size);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var (height, position) = Mountain.Find(size, index);
        var path = new Hash256[height];
        for (var k = 0; k < height; k++) path[k] = _levels[k][(int)(index >> k) ^ 1];
        return new MountainProof(path, [.. peaks[..position], .. peaks[(position + 1)..]]);
    }

    /// <summary>Whether the range of <paramref name="count"/> entries with this root has this entry at this index.</summary>
    public static bool Verify(Hash256 root, long count, long index, Hash256 entry, MountainProof proof)
    {
        if (index < 0 || index >= count) return false;
        var (height, position) = Mountain.Find(count, index);
        if (proof.Path.Length != height || proof.Peaks.Length != System.Numerics.BitOperations.PopCount((ulong)count) - 1)
            return false;
        var node = Mountain.Leaf.Hash(entry);
        for (var k = 0; k < height; k++)
            node = (index >> k & 1) == 0 ? Mountain.Node.Hash(node, proof.Path[k]) : Mountain.Node.Hash(proof.Path[k], node);
        return Mountain.Root(count, [.. proof.Peaks[..position], node, .. proof.Peaks[position..]]) == root;
    }
}
