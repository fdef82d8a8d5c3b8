using System.Numerics;
using System.Runtime.CompilerServices;

namespace Starling.Protocol.Hashing;

/// <summary>The tree over chunks. Recursion keeps as many nodes side by side as the path has lanes, on every level.</summary>
internal static class Blake3Tree
{
    // A subtree hands up at most as many nodes as there are lanes, two at the least so that the top stays open.
    private const int MaxNodes = 16;

    /// <summary>The node above the chunks of <paramref name="input"/>, the first of them being number <paramref name="counter"/>.</summary>
    public static Blake3Output Top(
        ReadOnlySpan<byte> input, ulong counter, in Blake3Mode mode, Blake3Lanes path) =>
        input.Length <= Blake3Spec.ChunkSize
            ? Blake3Output.OfChunk(input, counter, mode)
            : TopPair(input, counter, mode, path);

    /// <summary>
    /// Bytes in the left child of a subtree of <paramref name="length"/> bytes, more than one chunk: the largest
    /// power of two of chunks that leaves at least one byte to the right.
    /// </summary>
    public static long LeftLength(long length) =>
        Blake3Spec.ChunkSize * (long)(BitOperations.RoundUpToPowerOf2((ulong)Blake3Spec.ChunkCount(length)) / 2);

    [SkipLocalsInit]
    private static Blake3Output TopPair(
        ReadOnlySpan<byte> input, ulong counter, in Blake3Mode mode, Blake3Lanes path)
    {
        Span<uint> nodes = stackalloc uint[MaxNodes * Blake3Spec.CvWords];
        Span<uint> above = stackalloc uint[MaxNodes / 2 * Blake3Spec.CvWords];
        var count = Nodes(input, counter, mode, path, nodes);
        while (count > 2)
        {
            count = Blake3Wide.Parents(nodes[..(count * Blake3Spec.CvWords)], mode, path, above);
            above[..(count * Blake3Spec.CvWords)].CopyTo(nodes);
        }

        return Blake3Output.OfParent(nodes[..Blake3Spec.BlockWords], mode);
    }

    /// <summary>Nodes of the subtree on the highest level that has no more of them than lanes, and at least two.</summary>
    [SkipLocalsInit]
    private static int Nodes(
        ReadOnlySpan<byte> input, ulong counter, in Blake3Mode mode, Blake3Lanes path, Span<uint> nodes)
    {
        var width = (int)path;
        if (input.Length <= width * Blake3Spec.ChunkSize) return Blake3Wide.Chunks(input, counter, mode, path, nodes);

        var left = (int)LeftLength(input.Length);
        var leftChunks = left / Blake3Spec.ChunkSize;
        Span<uint> children = stackalloc uint[2 * MaxNodes * Blake3Spec.CvWords];
        var count = Nodes(input[..left], counter, mode, path, children);
        count += Nodes(input[left..], counter + (ulong)leftChunks, mode, path, children[(count * Blake3Spec.CvWords)..]);
        children = children[..(count * Blake3Spec.CvWords)];
        if (count > 2) return Blake3Wide.Parents(children, mode, path, nodes);
        children.CopyTo(nodes);
        return count;
    }
}
