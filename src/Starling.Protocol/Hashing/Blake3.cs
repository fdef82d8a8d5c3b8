namespace Starling.Protocol.Hashing;

/// <summary>
/// BLAKE3-256 (https://github.com/BLAKE3-team/BLAKE3-specs). Results do not depend on the processor. Every method may
/// be called from any thread.
/// </summary>
public static class Blake3
{
    /// <summary>Bytes in a chunk, the leaf of the tree.</summary>
    public const int ChunkSize = Blake3Spec.ChunkSize;

    /// <summary>The hash of <paramref name="data"/>.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> data) => Top(data, Blake3Mode.Plain).RootHash();

    /// <summary>
    /// The hash of <paramref name="data"/> in one of Starling's own domains: derive-key mode with the context
    /// <c>"starling v1 " + domain</c>. Hashes of different domains, and of no domain, never meet.
    /// </summary>
    /// <param name="domain">A constant of the protocol, not data: its key is kept for the life of the process.</param>
    public static Hash256 Hash(string domain, ReadOnlySpan<byte> data) => HashDomain.Get(domain).Hash(data);

    /// <summary>Fills <paramref name="output"/>, of any length, with extended output of the plain hash.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> output) =>
        Top(data, Blake3Mode.Plain).RootBytes(output);

    /// <summary>The keyed hash (a message authentication code) of <paramref name="data"/>.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static Hash256 KeyedHash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) =>
        Top(data, Blake3Mode.Keyed(key)).RootHash();

    /// <summary>Fills <paramref name="output"/>, of any length, with extended output of the keyed hash.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static void KeyedHash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> output) =>
        Top(data, Blake3Mode.Keyed(key)).RootBytes(output);

    /// <summary>Fills <paramref name="output"/>, of any length, with a key derived from secret material.</summary>
    /// <param name="context">A hard-coded, globally unique name of the purpose; never input from outside.</param>
    /// <param name="material">The secret.</param>
    /// <param name="output">Receives the key.</param>
    public static void DeriveKey(string context, ReadOnlySpan<byte> material, Span<byte> output) =>
        Top(material, Blake3Mode.Derive(context)).RootBytes(output);

    /// <summary>
    /// The chaining value of a subtree that is not the whole tree, so that a caller with threads can hash the parts
    /// of a large input apart: split at <see cref="LeftLength"/>, hash both sides, join with <see cref="Combine"/>,
    /// and at the top with <see cref="CombineRoot"/>. An input of one chunk has no parts: use
    /// <see cref="Hash(ReadOnlySpan{byte})"/>.
    /// </summary>
    /// <param name="data">At least one byte.</param>
    /// <param name="firstChunk">The number of the chunk with which <paramref name="data"/> begins.</param>
    /// <exception cref="ArgumentException">Empty, or no node of any tree begins there with this many chunks.</exception>
    public static Hash256 SubtreeChainingValue(ReadOnlySpan<byte> data, long firstChunk)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstChunk);
        if (data.IsEmpty) throw new ArgumentException("a subtree has at least one byte", nameof(data));
        var full = System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Blake3Spec.ChunkCount(data.Length));
        if ((ulong)firstChunk % full != 0)
            throw new ArgumentException($"no node spans {full} chunks from chunk {firstChunk}", nameof(firstChunk));
        return Blake3Tree.Top(data, (ulong)firstChunk, Blake3Mode.Plain, Blake3Path.Best).ChainingHash();
    }

    /// <summary>The chaining value above two children.</summary>
    public static Hash256 Combine(Hash256 left, Hash256 right) => Pair(left, right).ChainingHash();

    /// <summary>The hash of the whole input, from the two children at the top of its tree.</summary>
    public static Hash256 CombineRoot(Hash256 left, Hash256 right) => Pair(left, right).RootHash();

    /// <summary>Bytes on the left of the topmost split of an input (or subtree) of more than one chunk.</summary>
    /// <exception cref="ArgumentOutOfRangeException">At most one chunk: there is nothing to split.</exception>
    public static long LeftLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, ChunkSize);
        return Blake3Tree.LeftLength(length);
    }

    private static Blake3Output Top(ReadOnlySpan<byte> data, in Blake3Mode mode) =>
        Blake3Tree.Top(data, 0, mode, Blake3Path.Best);

    private static Blake3Output Pair(Hash256 left, Hash256 right)
    {
        Span<uint> children = stackalloc uint[Blake3Spec.BlockWords];
        Blake3Words.FromHash(left, children);
        Blake3Words.FromHash(right, children[Blake3Spec.CvWords..]);
        return Blake3Output.OfParent(children, Blake3Mode.Plain);
    }
}
