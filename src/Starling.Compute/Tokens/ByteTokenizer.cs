using System.Text;
using Starling.Compute.Generation;

namespace Starling.Compute.Tokens;

/// <summary>The tokenizer whose tokens are the 256 byte values.</summary>
public sealed class ByteTokenizer : ITokenizer
{
    public const int VocabularySize = 256;

    private static readonly byte[] Bytes = [.. Enumerable.Range(0, VocabularySize).Select(value => (byte)value)];

    private ByteTokenizer()
    {
    }

    public static ByteTokenizer Instance { get; } = new();

    int ITokenizer.VocabularySize => VocabularySize;

    public int? BeginToken => null;

    public IReadOnlyList<int> EndTokens => [];

    /// <summary>Copies bytes to token ids; both spans have the same length.</summary>
    public static void Encode(ReadOnlySpan<byte> text, Span<int> ids)
    {
        for (int i = 0; i < text.Length; i++)
            ids[i] = text[i];
    }

    public static int[] Encode(ReadOnlySpan<byte> text)
    {
        var ids = new int[text.Length];
        Encode(text, ids);
        return ids;
    }

    /// <exception cref="ArgumentOutOfRangeException">An id is no byte.</exception>
    public static byte[] Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new byte[ids.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)ids[i], (uint)VocabularySize, nameof(ids));
            bytes[i] = (byte)ids[i];
        }

        return bytes;
    }

    public int[] Encode(string text, EncodeMode mode) => Encode(Encoding.UTF8.GetBytes(text));

    public ReadOnlySpan<byte> BytesOf(int token) => (uint)token < VocabularySize ? Bytes.AsSpan(token, 1) : [];

    public ITokenText ContinueText() => new TokenText(this);

    string ITokenizer.Decode(ReadOnlySpan<int> tokens) => TokenText.Join(this, tokens);
}
