using Starling.Protocol.Hashing;

namespace Starling.Protocol.Merkle;

/// <summary>
/// The BLAKE3 tree of one blob, kept whole (64 bytes per chunk) so that any chunks can be opened against the blob's
/// content id. Built from bytes with <see cref="Build(ReadOnlySpan{byte})"/> or from a stream with
/// <see cref="ChunkTreeBuilder"/>; immutable afterwards.
/// </summary>
public sealed class ChunkTree
{
    // Level 0 holds the chaining values of the chunks, each next level those of its pairs (a last odd node rises
    // unchanged), up to the level of two nodes below the root. 8 words a node.
    private readonly List<uint[]> _levels;
    private readonly byte[] _tail;

    internal ChunkTree(uint[] chunks, byte[] tail, long length)
    {
        (_levels, _tail, Length) = ([chunks], tail, length);
        while (_levels[^1].Length > Blake3Spec.BlockWords)
        {
            var above = new uint[(_levels[^1].Length / Blake3Spec.CvWords + 1) / 2 * Blake3Spec.CvWords];
            Blake3Wide.Parents(_levels[^1], Blake3Mode.Plain, Blake3Path.Best, above);
            _levels.Add(above);
        }

        Root = _levels[^1].Length == Blake3Spec.BlockWords
            ? Blake3Output.OfParent(_levels[^1], Blake3Mode.Plain).RootHash()
            : Blake3.Hash(tail);
    }

    /// <summary>The BLAKE3-256 of the blob.</summary>
    public Hash256 Root { get; }

    /// <summary>Bytes in the blob.</summary>
    public long Length { get; }

    /// <summary>Chunks in the blob; an empty blob has one.</summary>
    public long ChunkCount => Blake3Spec.ChunkCount(Length);

    public static ChunkTree Build(ReadOnlySpan<byte> blob)
    {
        var builder = new ChunkTreeBuilder();
        builder.Append(blob);
        return builder.Build();
    }

    /// <summary>Opens successive chunks.</summary>
    /// <exception cref="ArgumentException">The blob does not have these chunks.</exception>
    public ChunkOpening Open(long firstChunk, int count) => Open([new ChunkRange(firstChunk, count)]);

    /// <summary>
    /// Opens several ranges at once, each shared sibling once: the rows of a panel, for example.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// No ranges, ranges that touch or are not ascending, or chunks that the blob does not have.
    /// </exception>
    public ChunkOpening Open(ReadOnlySpan<ChunkRange> ranges)
    {
        if (ChunkOpening.BytesIn(ranges, Length) is null)
            throw new ArgumentException($"the ranges are not ascending, apart and within {ChunkCount} chunks", nameof(ranges));
        var siblings = new List<Hash256>();
        var walk = new ChunkWalk(ranges, ChunkCount);
        for (var level = 0; walk.Width > 1; level++, walk.Rise())
            foreach (var step in walk.Steps)
                if (step.Missing is { } index)
                    siblings.Add(Blake3Words.ToHash(
                        _levels[level].AsSpan((int)index * Blake3Spec.CvWords, Blake3Spec.CvWords)));
        return new ChunkOpening(ranges.ToArray(), [.. siblings], ranges[^1].End == ChunkCount ? [] : _tail);
    }

    /// <summary>
    /// Whether <paramref name="chunkBytes"/> are the opened chunks, range after range, of the one blob that has this
    /// root, and that blob has exactly <paramref name="totalLength"/> bytes.
    /// </summary>
    /// <remarks>
    /// The root fixes the length only through the last chunk: its number and size enter its chaining value, and it is
    /// the only chunk on the right edge of the tree. So every opening holds that chunk (in a range or as the tail),
    /// and a wrong length fails whatever chunks are opened. For one root at most one length verifies, and for one chunk
    /// at most one content, even if the root was not made from a blob; anything else is a collision of BLAKE3.
    /// Every byte and sibling is used, so two different openings of the same ranges do not both verify.
    /// </remarks>
    public static bool Verify(Hash256 root, long totalLength, ChunkOpening opening, ReadOnlySpan<byte> chunkBytes)
    {
        if (ChunkOpening.BytesIn(opening.Ranges, totalLength) != chunkBytes.Length) return false;
        var chunks = Blake3Spec.ChunkCount(totalLength);
        var lastIsOpen = opening.Ranges[^1].End == chunks;
        var tailLength = lastIsOpen ? 0 : totalLength - (chunks - 1) * Blake3Spec.ChunkSize;
        if (opening.Tail.Length != tailLength) return false;
        if (chunks == 1) return opening.Siblings.Length == 0 && Blake3.Hash(chunkBytes) == root;

        var walk = new ChunkWalk(opening.Ranges, chunks);
        return ChunkVerifier.Root(walk, ChunkVerifier.Leaves(opening, totalLength, chunkBytes), opening.Siblings) == root;
    }
}
