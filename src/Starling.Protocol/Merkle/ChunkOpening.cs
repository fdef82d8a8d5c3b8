using Starling.Protocol.Hashing;

namespace Starling.Protocol.Merkle;

/// <summary>Successive chunks of 1,024 bytes of a blob.</summary>
/// <param name="First">The first chunk, counted from 0.</param>
/// <param name="Count">How many, at least 1.</param>
public readonly record struct ChunkRange(long First, int Count)
{
    internal long End => First + Count;
}

/// <summary>
/// What joins some chunks of a blob to its BLAKE3 hash. The chunks' bytes travel beside it.
/// </summary>
/// <param name="Ranges">The chunks opened, ascending, with at least one unopened chunk between two ranges.</param>
/// <param name="Siblings">
/// Chaining values of the nodes that cannot be computed from the bytes, by level from the chunks up, left to right.
/// </param>
/// <param name="Tail">The last chunk's bytes when no range holds it, else empty: it is what proves the length.</param>
public sealed record ChunkOpening(ChunkRange[] Ranges, Hash256[] Siblings, byte[] Tail)
{
    /// <summary>Bytes in the opened ranges of a blob of this length; null unless the ranges fit it as they must.</summary>
    public static long? BytesIn(ReadOnlySpan<ChunkRange> ranges, long totalLength)
    {
        if (ranges.IsEmpty || totalLength < 0) return null;
        var chunks = Blake3Spec.ChunkCount(totalLength);
        var (bytes, free) = (0L, 0L);
        foreach (var range in ranges)
        {
            if (range.Count < 1 || range.First < free || range.First >= chunks || range.Count > chunks - range.First)
                return null;
            bytes += BytesIn(range, totalLength);
            free = range.End + 1;
        }

        return bytes;
    }

    internal static long BytesIn(ChunkRange range, long totalLength) =>
        Math.Min((long)range.Count * Blake3Spec.ChunkSize, totalLength - range.First * Blake3Spec.ChunkSize);
}
