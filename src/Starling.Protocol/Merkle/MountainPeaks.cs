using System.Numerics;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Merkle;

/// <summary>
/// An append-only mountain range that keeps its peaks only: enough to append and to know the root, at most 63 hashes.
/// <see cref="MountainRange"/> keeps all and can prove.
/// </summary>
public sealed class MountainPeaks
{
    private readonly List<Hash256> _peaks;

    /// <summary>The empty range.</summary>
    public MountainPeaks() => _peaks = [];

    /// <summary>A range as it was when these were its <see cref="Count"/> and <see cref="Peaks"/>.</summary>
    /// <exception cref="ArgumentException">The count is negative or has another number of peaks.</exception>
    public MountainPeaks(long count, ReadOnlySpan<Hash256> peaks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (peaks.Length != BitOperations.PopCount((ulong)count))
            throw new ArgumentException(
                $"{count} entries have {BitOperations.PopCount((ulong)count)} peaks, not {peaks.Length}", nameof(peaks));
        (Count, _peaks) = (count, [.. peaks]);
    }

    /// <summary>Entries appended.</summary>
    public long Count { get; private set; }

    /// <summary>The peaks, the one over the oldest entries first.</summary>
    public Hash256[] Peaks => [.. _peaks];

    /// <summary>The hash of the count and the peaks.</summary>
    public Hash256 Root => Mountain.Root(Count, Peaks);

    public void Append(Hash256 entry)
    {
        var node = Mountain.Leaf.Hash(entry);
        for (var rest = Count; (rest & 1) == 1; rest >>= 1)
        {
            node = Mountain.Node.Hash(_peaks[^1], node);
            _peaks.RemoveAt(_peaks.Count - 1);
        }

        _peaks.Add(node);
        Count++;
    }
}
