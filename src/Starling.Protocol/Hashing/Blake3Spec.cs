using System.Runtime.CompilerServices;

namespace Starling.Protocol.Hashing;

/// <summary>The constants of BLAKE3 (specification, section 2).</summary>
internal static class Blake3Spec
{
    public const int BlockSize = 64;
    public const int ChunkSize = 1024;
    public const int BlocksPerChunk = ChunkSize / BlockSize;

    /// <summary>Words in a chaining value or key.</summary>
    public const int CvWords = 8;

    /// <summary>Words in a block.</summary>
    public const int BlockWords = 16;

    public const int Rounds = 7;

    public const uint ChunkStart = 1, ChunkEnd = 2, Parent = 4, Root = 8;
    public const uint KeyedHash = 16, DeriveKeyContext = 32, DeriveKeyMaterial = 64;

    public const uint Iv0 = 0x6A09E667, Iv1 = 0xBB67AE85, Iv2 = 0x3C6EF372, Iv3 = 0xA54FF53A;

    public static ReadOnlySpan<uint> Iv =>
        [Iv0, Iv1, Iv2, Iv3, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];

    /// <summary>Which message word each round takes at each position: seven rows of sixteen.</summary>
    public static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8,
        3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1,
        10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6,
        12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4,
        9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7,
        11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13,
    ];

    /// <summary>Chunks in an input of this many bytes; an empty input is one empty chunk.</summary>
    public static long ChunkCount(long length) => length == 0 ? 1 : (length - 1) / ChunkSize + 1;
}

/// <summary>A chaining value or key as eight words in machine order.</summary>
[InlineArray(Blake3Spec.CvWords)]
internal struct Blake3Words8
{
    private uint _first;
}

/// <summary>A block as sixteen words in machine order.</summary>
[InlineArray(Blake3Spec.BlockWords)]
internal struct Blake3Words16
{
    private uint _first;
}
