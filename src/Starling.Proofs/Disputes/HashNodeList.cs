using Starling.Ledger.Disputes.Play;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Disputes;

/// <summary>The nodes of a blob's hash tree that are listed under one of its nodes.</summary>
internal static class HashNodeList
{
    /// <param name="blob">The blob.</param>
    /// <param name="first">The first chunk under the node.</param>
    /// <param name="count">Chunks under it.</param>
    public static Hash256[] Of(ReadOnlySpan<byte> blob, long first, long count)
    {
        if (blob.Length <= Blake3.ChunkSize)
            return [Blake3.Hash(blob)];
        var group = NodeLists.GroupOf(count);
        var nodes = new Hash256[NodeLists.ListLength(count)];
        for (var i = 0; i < nodes.Length; i++)
        {
            var chunk = first + (i * group);
            var start = checked((int)(chunk * Blake3.ChunkSize));
            var length = (int)Math.Min(Math.Min(group, count - (i * group)) * Blake3.ChunkSize, blob.Length - start);
            nodes[i] = Blake3.SubtreeChainingValue(blob.Slice(start, length), chunk);
        }

        return nodes;
    }

    public static long ChunksOf(long length) => Math.Max(1, (length + Blake3.ChunkSize - 1) / Blake3.ChunkSize);
}
