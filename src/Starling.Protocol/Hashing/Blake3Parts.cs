using System.Numerics;

namespace Starling.Protocol.Hashing;

/// <summary>
/// The plain BLAKE3 hash of a large input in parts that threads may compute apart: run every part once, in any order and
/// on any thread, then read the root.
/// </summary>
public sealed class Blake3Parts
{
    /// <summary>Smaller parts cost more to hand out than they save.</summary>
    private const int LeastPart = 128 * Blake3Spec.ChunkSize;

    private readonly ReadOnlyMemory<byte> _data;
    private readonly int _partBytes;
    private readonly Hash256[] _nodes;

    /// <param name="data">Must not change before the root is read.</param>
    /// <param name="wanted">About how many parts; an input that is too small has fewer, at least one.</param>
    public Blake3Parts(ReadOnlyMemory<byte> data, int wanted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        _data = data;
        // Only a power of two of chunks is a node of the tree.
        var share = (uint)Math.Max(LeastPart, data.Length / wanted);
        _partBytes = (int)Math.Min(BitOperations.RoundUpToPowerOf2(share), 1 << 30);
        _nodes = new Hash256[Math.Max(1, (data.Length + (long)_partBytes - 1) / _partBytes)];
    }

    public int Count => _nodes.Length;

    /// <summary>Hashes one part, from 0 to <see cref="Count"/> - 1.</summary>
    public void Run(int part)
    {
        var bytes = _data.Span[(part * _partBytes)..];
        bytes = bytes[..Math.Min(bytes.Length, _partBytes)];
        _nodes[part] = Count == 1
            ? Blake3.Hash(bytes)
            : Blake3.SubtreeChainingValue(bytes, (long)part * (_partBytes / Blake3Spec.ChunkSize));
    }

    /// <summary>The hash of the whole input, after every part has run.</summary>
    public Hash256 Root()
    {
        if (Count == 1) return _nodes[0];
        var left = Left(Count);
        return Blake3.CombineRoot(Node(0, left), Node(left, Count - left));
    }

    private Hash256 Node(int first, int count)
    {
        if (count == 1) return _nodes[first];
        var left = Left(count);
        return Blake3.Combine(Node(first, left), Node(first + left, count - left));
    }

    /// <summary>Parts on the left of a split: the largest power of two that leaves one.</summary>
    private static int Left(int count) => (int)(BitOperations.RoundUpToPowerOf2((uint)count) / 2);
}
