namespace Starling.Compute.Tokens;

/// <summary>The tokenizer whose tokens are the 256 byte values.</summary>
public static class ByteTokenizer
{
    public const int VocabularySize = 256;

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
}
