namespace Starling.Compute.Tokens;

/// <summary>
/// The printable character by which byte-level tokenizers name each byte: printable Latin-1 stands for itself, the
/// others follow from U+0100 on, ascending.
/// </summary>
internal static class ByteCharacters
{
    private static readonly char[] Characters = [.. Enumerable.Range(0, 256).Select(value => Find((byte)value))];

    private static readonly Dictionary<char, byte> Values =
        Enumerable.Range(0, 256).ToDictionary(value => Characters[value], value => (byte)value);

    public static char Of(byte value) => Characters[value];

    /// <summary>The bytes that a token is named by; null where it holds another character.</summary>
    public static byte[]? Decode(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < bytes.Length; i++)
            if (!Values.TryGetValue(token[i], out bytes[i]))
                return null;
        return bytes;
    }

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[bytes.Length];
        for (int i = 0; i < characters.Length; i++)
            characters[i] = Characters[bytes[i]];
        return new string(characters);
    }

    private static char Find(byte value)
    {
        if (IsPrintable(value))
            return (char)value;
        int rank = 0;
        for (int i = 0; i < value; i++)
            rank += IsPrintable(i) ? 0 : 1;
        return (char)(256 + rank);
    }

    private static bool IsPrintable(int value) =>
        value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
}
