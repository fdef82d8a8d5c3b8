using Google.Protobuf;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>A blob of the store in parts, each with what joins it to the content id.</summary>
/// <param name="tree">The blob's tree.</param>
/// <param name="stream">The blob's bytes, verified when it was opened.</param>
/// <param name="opened">When that was.</param>
internal sealed class StoredBlob(ChunkTree tree, Stream stream, long opened) : IPartSource, IDisposable
{
    private readonly Lock _gate = new();
    private bool _closed;

    public ChunkTree Tree => tree;

    /// <summary>A timestamp of the time provider.</summary>
    public long Opened => opened;

    /// <inheritdoc/>
    public int Parts => (int)((tree.ChunkCount + PeerLimits.PartChunks - 1) / PeerLimits.PartChunks);

    public static ChunkTree TreeOf(Stream stream)
    {
        var builder = new ChunkTreeBuilder();
        var buffer = new byte[PeerLimits.PartBytes];
        for (int read; (read = stream.Read(buffer)) > 0;)
            builder.Append(buffer.AsSpan(0, read));
        return builder.Build();
    }

    /// <inheritdoc/>
    public bool Has(int part) => (uint)part < (uint)Parts;

    /// <inheritdoc/>
    public BlobPart? Read(int part)
    {
        var first = (long)part * PeerLimits.PartChunks;
        var opening = tree.Open(first, (int)Math.Min(PeerLimits.PartChunks, tree.ChunkCount - first));
        var siblings = new byte[opening.Siblings.Length * Hash256.Size];
        for (var i = 0; i < opening.Siblings.Length; i++)
            opening.Siblings[i].CopyTo(siblings.AsSpan(i * Hash256.Size));
        return Bytes(first) is not { } data
            ? null
            : new BlobPart
            {
                Part = (ulong)part,
                TotalLength = (ulong)tree.Length,
                Data = UnsafeByteOperations.UnsafeWrap(data),
                Siblings = UnsafeByteOperations.UnsafeWrap(siblings),
                Tail = ByteString.CopyFrom(opening.Tail),
            };
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            stream.Dispose();
        }
    }

    private byte[]? Bytes(long firstChunk)
    {
        var data = new byte[Math.Min(PeerLimits.PartBytes, tree.Length - (firstChunk * Blake3.ChunkSize))];
        lock (_gate)
        {
            if (_closed)
                return null;
            stream.Position = firstChunk * Blake3.ChunkSize;
            return stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false) == data.Length ? data : null;
        }
    }
}
