namespace Starling.Protocol.Hashing;

/// <summary>Base32 of RFC 4648 in lower case without padding, and with no more than one text per value.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public static int EncodedLength(int bytes) => (8 * bytes + 4) / 5;

    /// <summary>Fills <paramref name="text"/>, of exactly <see cref="EncodedLength"/> characters.</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var (bits, held, next) = (0u, 0, 0);
        foreach (var value in bytes)
        {
            (bits, held) = ((bits << 8) | value, held + 8);
            for (; held >= 5; held -= 5) text[next++] = Alphabet[(int)(bits >> (held - 5)) & 31];
        }

        if (held > 0) text[next] = Alphabet[(int)(bits << (5 - held)) & 31];
    }

    /// <summary>
    /// Fills <paramref name="bytes"/>. False for a text of another length, a character outside the alphabet, or
    /// left-over bits that are not zero.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length != EncodedLength(bytes.Length)) return false;
        var (bits, held, next) = (0u, 0, 0);
        foreach (var letter in text)
        {
            var value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0) return false;
            (bits, held) = ((bits << 5) | (uint)value, held + 5);
            if (held < 8) continue;
            held -= 8;
            bytes[next++] = (byte)(bits >> held);
        }

        return (bits & ((1u << held) - 1)) == 0;
    }
}
