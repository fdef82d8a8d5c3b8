using System.Diagnostics.CodeAnalysis;

namespace Starling.Protocol.Hashing;

/// <summary>
/// The name of a blob: the BLAKE3-256 of its bytes. Written as a CIDv1 (https://github.com/multiformats/cid): codec
/// raw (0x55), multihash blake3 (0x1e) of 32 bytes, base32 in lower case with the prefix <c>b</c>; 59 characters.
/// </summary>
public readonly record struct ContentId(Hash256 Hash) : IComparable<ContentId>
{
    /// <summary>Characters in the text form.</summary>
    public const int TextLength = 59;

    private const int ByteLength = 36;

    // CID version 1, codec raw, hash function blake3, digest length 32.
    private static ReadOnlySpan<byte> Header => [0x01, 0x55, 0x1e, 0x20];

    /// <summary>The name of these bytes.</summary>
    public static ContentId Of(ReadOnlySpan<byte> bytes) => new(Blake3.Hash(bytes));

    /// <summary>Reads exactly the form that <see cref="ToString"/> writes; no other base, case, codec or padding.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ContentId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[ByteLength];
        if (text is not { Length: TextLength } || text[0] != 'b' || !Base32.TryDecode(text.AsSpan(1), bytes)
            || !bytes.StartsWith(Header))
            return false;
        id = new ContentId(new Hash256(bytes[Header.Length..]));
        return true;
    }

    public int CompareTo(ContentId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => string.Create(TextLength, Hash, static (text, hash) =>
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        Header.CopyTo(bytes);
        hash.CopyTo(bytes[Header.Length..]);
        text[0] = 'b';
        Base32.Encode(bytes, text[1..]);
    });
}
