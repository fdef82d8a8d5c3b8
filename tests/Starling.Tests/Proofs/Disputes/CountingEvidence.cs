using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Ledger.Disputes.Play;
using Starling.Protocol.Hashing;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>Counts what a question would open, at sizes of which nobody has the data. Every number is zero.</summary>
internal sealed class CountingEvidence(Blueprint blueprint) : Evidence(blueprint)
{
    private const int ChunkBytes = 1_024;

    /// <summary>Opened bytes, their proofs and the last chunks that prove lengths.</summary>
    public long Bytes { get; private set; }

    /// <summary>What the bytes of a blob without tensors are; zeros where it is null.</summary>
    public Func<long, byte[]>? RawChunk { get; init; }

    public override Hash256 Input(int index) => default;

    public override Hash256 Claim(Hash256 root, int count, int index) => default;

    public override GraphValue Node(int value) => throw new NotSupportedException();

    public override byte[] Left(Hash256 content) => throw new NotSupportedException();

    public override (int Leaf, long Chunk) Witness() => throw new NotSupportedException();

    public override byte[] Metrics(Hash256 content) => throw new NotSupportedException();

    public override byte[] Chunks(Hash256 blob, long blobChunks, long firstChunk, Layout layout, params ReadOnlySpan<long> chunks)
    {
        Count(chunks, firstChunk, blobChunks);
        return new byte[chunks.Length * ChunkBytes];
    }

    public override byte[] Raw(Hash256 blob, long length, params ReadOnlySpan<long> chunks)
    {
        Count(chunks, 0, (length + ChunkBytes - 1) / ChunkBytes);
        return RawChunk is { } read ? [.. chunks.ToArray().SelectMany(read)] : new byte[chunks.Length * ChunkBytes];
    }

    private void Count(ReadOnlySpan<long> chunks, long offset, long count)
    {
        Bytes += ((long)chunks.Length + 1) * ChunkBytes;
        HashSet<long> level = [.. chunks.ToArray().Select(chunk => chunk + offset)];
        for (; count > 1; count = (count + 1) / 2)
        {
            Bytes += 32L * level.Count(node => (node ^ 1) < count && !level.Contains(node ^ 1));
            level = [.. level.Select(node => node / 2)];
        }
    }
}
