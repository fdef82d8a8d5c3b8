using System.Buffers.Binary;
using System.Numerics;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Merkle;

/// <summary>
/// How a mountain range is hashed: n entries form one full binary tree ("mountain") per one bit of n, largest first;
/// the root is the hash of n and the peaks in that order.
/// </summary>
internal static class Mountain
{
    public static readonly HashDomain Leaf = HashDomain.Get("mountain leaf");
    public static readonly HashDomain Node = HashDomain.Get("mountain node");
    private static readonly HashDomain Top = HashDomain.Get("mountain root");

    /// <summary>The mountain that holds an entry: its height and how many mountains stand to its left.</summary>
    public static (int Height, int Position) Find(long count, long index)
    {
        // The entry's mountain is that of the highest bit in which count and index differ, for there count has a one.
        var height = BitOperations.Log2((ulong)(count ^ index));
        return (height, BitOperations.PopCount((ulong)(count >> height)) - 1);
    }

    public static Hash256 Root(long count, ReadOnlySpan<Hash256> peaks)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + peaks.Length * Hash256.Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, count);
        for (var i = 0; i < peaks.Length; i++) peaks[i].CopyTo(bytes[(sizeof(long) + i * Hash256.Size)..]);
        return Top.Hash(bytes);
    }
}
