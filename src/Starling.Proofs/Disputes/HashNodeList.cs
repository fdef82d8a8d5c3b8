using Starling.Ledger.Disputes.Play;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Disputes;

/// <summary>The nodes of a blob's hash tree that are listed under one of its nodes.</summary>
internal static class HashNodeList
{
    public static Hash256[] Of(ReadOnlySpan<byte> blob, ChunkSpan span)
    {
        if (blob.Length <= Blake3.ChunkSize)
            return [Blake3.Hash(blob)];
        var group = HashNodes.GroupOf(span.Count);
        var nodes = new Hash256[HashNodes.ListLength(span.Count)];
        for (var i = 0; i < nodes.Length; i++)
        {
            var first = span.First + (i * group);
            var chunks = Math.Min(group, span.Count - (i * group));
            var start = checked((int)(first * Blake3.ChunkSize));
            var length = (int)Math.Min(chunks * Blake3.ChunkSize, blob.Length - start);
            nodes[i] = Blake3.SubtreeChainingValue(blob.Slice(start, length), first);
        }

        return nodes;
    }

    public static long ChunksOf(long length) => Math.Max(1, (length + Blake3.ChunkSize - 1) / Blake3.ChunkSize);
}
