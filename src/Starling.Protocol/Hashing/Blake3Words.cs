using System.Buffers.Binary;

namespace Starling.Protocol.Hashing;

/// <summary>Between hashes and words in machine order.</summary>
internal static class Blake3Words
{
    public static Hash256 ToHash(ReadOnlySpan<uint> words)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        for (var i = 0; i < Blake3Spec.CvWords; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], words[i]);
        return new Hash256(bytes);
    }

    public static void FromHash(Hash256 hash, Span<uint> words)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        hash.CopyTo(bytes);
        for (var i = 0; i < Blake3Spec.CvWords; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
    }
}
