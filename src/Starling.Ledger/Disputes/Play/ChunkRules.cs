using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>The end of most searches: one chunk, recomputed and hashed.</summary>
internal static class ChunkRules
{
    /// <param name="search">The choices.</param>
    /// <param name="length">Bytes of the blob whose hash tree was searched.</param>
    /// <param name="isRight">Whether a chunk with this number has this node in the blob's tree.</param>
    public static bool Answer(Search search, long length, Func<long, Hash256, bool> isRight)
    {
        var chunks = ChunksOf(length);
        if (search[StageKind.Chunks] is not { } stage)
            return chunks == 1 ? isRight(0, search.Content) : throw StepRules.TooEarly();
        if (stage.Count != chunks || stage.Objection != Objection.None)
            return stage.Count == chunks;
        return stage.IsItem ? isRight(stage.First, stage.Disputed) : throw StepRules.TooEarly();
    }

    /// <inheritdoc cref="Answer(Search, long, Func{long, Hash256, bool})"/>
    public static bool Answer(Search search, long length, Func<long, byte[]> recompute) =>
        Answer(search, length, (chunk, node) => NodeOf(recompute(chunk), chunk, ChunksOf(length)) == node);

    /// <summary>The node of one chunk in a blob's tree.</summary>
    public static Hash256 NodeOf(ReadOnlySpan<byte> bytes, long chunk, long chunks) =>
        chunks == 1 ? Blake3.Hash(bytes) : Blake3.SubtreeChainingValue(bytes, chunk);

    public static long ChunksOf(long length) => Math.Max(1, (length + Blake3.ChunkSize - 1) / Blake3.ChunkSize);
}
