using Google.Protobuf;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>
/// Local blobs in parts, each with what joins it to the content id, so that whoever fetches it knows at once when it was
/// lied to and can go on from any part, at any holder.
/// </summary>
internal sealed class BlobParts(IBlobStore blobs)
{
    /// <summary>Trees kept for the next request, by the bytes of their blobs.</summary>
    private const long KeptBytes = 1L << 30;

    private readonly Lock _gate = new();
    private readonly LinkedList<ChunkTree> _kept = new();

    /// <summary>Parts of a blob, in order; none when it is not here or does not have them.</summary>
    /// <exception cref="StorageException">The store failed.</exception>
    public IEnumerable<BlobPart> Read(Hash256 content, ulong firstPart, uint parts)
    {
        using var stream = blobs.Open(content);
        if (stream is null || firstPart > int.MaxValue)
            yield break;
        var tree = TreeOf(content, stream);
        var first = (long)firstPart * PeerLimits.PartChunks;
        var buffer = new byte[PeerLimits.PartBytes];
        for (; parts > 0 && first < tree.ChunkCount; parts--, first += PeerLimits.PartChunks)
        {
            var count = (int)Math.Min(PeerLimits.PartChunks, tree.ChunkCount - first);
            stream.Position = first * Blake3.ChunkSize;
            var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            yield return Part(tree, first, count, buffer.AsSpan(0, read));
        }
    }

    private static BlobPart Part(ChunkTree tree, long first, int count, ReadOnlySpan<byte> data)
    {
        var opening = tree.Open(first, count);
        var siblings = new byte[opening.Siblings.Length * Hash256.Size];
        for (var i = 0; i < opening.Siblings.Length; i++)
            opening.Siblings[i].CopyTo(siblings.AsSpan(i * Hash256.Size));
        return new BlobPart
        {
            Part = (ulong)(first / PeerLimits.PartChunks),
            TotalLength = (ulong)tree.Length,
            Data = ByteString.CopyFrom(data),
            Siblings = UnsafeByteOperations.UnsafeWrap(siblings),
            Tail = ByteString.CopyFrom(opening.Tail),
        };
    }

    private ChunkTree TreeOf(Hash256 content, Stream stream)
    {
        lock (_gate)
        {
            for (var at = _kept.First; at is not null; at = at.Next)
                if (at.Value.Root == content)
                {
                    _kept.Remove(at);
                    _kept.AddFirst(at);
                    return at.Value;
                }
        }

        var builder = new ChunkTreeBuilder();
        var buffer = new byte[PeerLimits.PartBytes];
        for (int read; (read = stream.Read(buffer)) > 0;)
            builder.Append(buffer.AsSpan(0, read));
        var tree = builder.Build();
        Keep(tree);
        return tree;
    }

    private void Keep(ChunkTree tree)
    {
        lock (_gate)
        {
            _kept.AddFirst(tree);
            while (_kept.Count > 1 && _kept.Sum(t => t.Length) > KeptBytes)
                _kept.RemoveLast();
        }
    }
}
