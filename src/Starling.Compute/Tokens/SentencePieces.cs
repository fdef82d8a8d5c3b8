using System.Globalization;
using System.Text;

namespace Starling.Compute.Tokens;

/// <summary>When a text gets the space that every word of a SentencePiece vocabulary begins with.</summary>
internal enum LeadingSpace
{
    Never = 0,

    /// <summary>Only the first piece, unless it begins with one.</summary>
    First = 1,

    /// <summary>Every piece between added tokens, unless it begins with one.</summary>
    Always = 2,

    /// <summary>Every piece, whatever it begins with.</summary>
    Prepend = 3,
}

/// <summary>
/// Pair encoding as SentencePiece does it: spaces are visible, nothing cuts the text, merging starts from characters,
/// and a character outside the vocabulary falls back to its bytes.
/// </summary>
internal sealed class SentencePieces : ITextPieces
{
    private const char Space = '\u2581';

    private readonly TokenVocabulary vocabulary;
    private readonly PairMerges merges;
    private readonly LeadingSpace leading;
    private readonly int[] byteTokens;
    private readonly int? unknown;

    /// <exception cref="TokenizerException">Neither bytes nor an unknown token stand for other characters.</exception>
    public SentencePieces(string field, TokenVocabulary vocabulary, PairMerges merges, LeadingSpace leading, int? unknown)
    {
        (this.vocabulary, this.merges, this.leading, this.unknown) = (vocabulary, merges, leading, unknown);
        byteTokens = [.. Enumerable.Range(0, 256).Select(value => vocabulary.Find(NameOf((byte)value)) ?? -1)];
        if (byteTokens.Contains(-1) && unknown is null)
            throw TokenizerException.Inconsistent(field, "has neither a token for every byte nor an unknown token");
    }

    /// <summary>The bytes that a token stands for.</summary>
    public static byte[] Decode(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal)
        && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? [value]
            : Encoding.UTF8.GetBytes(token.Replace(Space, ' '));

    public void Encode(ReadOnlySpan<char> text, bool isFirst, List<int> output)
    {
        string visible = text.ToString().Replace(' ', Space);
        bool prefix = leading switch
        {
            LeadingSpace.First => isFirst && visible[0] != Space,
            LeadingSpace.Always => visible[0] != Space,
            _ => leading == LeadingSpace.Prepend,
        };
        List<int> symbols = [];
        foreach (Rune rune in (prefix ? Space + visible : visible).EnumerateRunes())
            AddSymbols(rune, symbols);
        merges.Apply(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(symbols), output);
    }

    private static string NameOf(byte value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    private void AddSymbols(Rune rune, List<int> symbols)
    {
        if (vocabulary.Find(rune.ToString()) is { } token)
        {
            symbols.Add(token);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        bool known = true;
        foreach (byte value in bytes)
            known &= byteTokens[value] >= 0;
        if (known)
            foreach (byte value in bytes)
                symbols.Add(byteTokens[value]);
        else
            symbols.Add(unknown!.Value);
    }
}
