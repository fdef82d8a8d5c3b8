using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>The end of every search: one chunk, recomputed and hashed.</summary>
internal static class ChunkRules
{
    /// <param name="path">The choices; those below <see cref="SearchPath.Base"/> name the chunk.</param>
    /// <param name="length">Bytes of the blob whose hash tree was searched.</param>
    /// <param name="recompute">Gives the bytes of a chunk.</param>
    public static bool Answer(SearchPath path, long length, Func<long, byte[]> recompute)
    {
        var chunks = Math.Max(1, (length + Blake3.ChunkSize - 1) / Blake3.ChunkSize);
        var choices = path.ChunkPath;
        if (path.IsObjection)
            return ChunkSpan.Follow(chunks, choices[..^1]) is { } above
                && path.Position.Claims.Length == HashNodes.ListLength(above.Count);
        if (ChunkSpan.Follow(chunks, choices) is not { } span)
            return false;
        if (span.Count != 1)
            throw StepRules.TooEarly();
        var bytes = recompute(span.First);
        var node = chunks == 1 ? Blake3.Hash(bytes) : Blake3.SubtreeChainingValue(bytes, span.First);
        return node == path.Position.Disputed[^1];
    }
}
