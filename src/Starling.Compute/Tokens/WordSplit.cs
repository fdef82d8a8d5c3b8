using System.Globalization;
using System.Text;

namespace Starling.Compute.Tokens;

/// <summary>How a text is cut into words before merging, which never joins words.</summary>
internal enum WordSplit
{
    /// <summary>GPT-2's pattern: words with the space before them, runs of digits, of signs and of white space.</summary>
    Gpt2 = 1,

    /// <summary>The pattern of Llama 3: digits in threes, line ends apart from other space, any one sign before a word.</summary>
    ThreeDigits = 2,

    /// <summary>The pattern of Qwen2: as that of Llama 3, with each digit alone.</summary>
    OneDigit = 3,

    /// <summary>Each digit alone, the rest between them whole.</summary>
    EachDigit = 4,

    /// <summary>Runs of digits and the rest between them.</summary>
    DigitRuns = 5,
}

/// <summary>
/// The published patterns as scanners over code points. A pattern from a file is never run: it could take exponential
/// time, and the regular expressions of .NET see letters beyond U+FFFF as two halves.
/// </summary>
internal static class WordSplits
{
    private const string Gpt2Pattern =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string NewerPattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}#| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The scanner of a published pattern; null for any other.</summary>
    public static WordSplit? Find(string pattern) => pattern switch
    {
        Gpt2Pattern => WordSplit.Gpt2,
        _ when pattern == NewerPattern.Replace("#", "{1,3}", StringComparison.Ordinal) => WordSplit.ThreeDigits,
        _ when pattern == NewerPattern.Replace("#", "", StringComparison.Ordinal) => WordSplit.OneDigit,
        _ => null,
    };

    /// <summary>Characters of the first word of a text that is not empty.</summary>
    public static int FirstWord(WordSplit split, ReadOnlySpan<char> text) => split switch
    {
        WordSplit.Gpt2 => Gpt2(text),
        WordSplit.ThreeDigits => Newer(text, digits: 3),
        WordSplit.OneDigit => Newer(text, digits: 1),
        WordSplit.EachDigit => Digits(text, most: 1),
        _ => Digits(text, most: int.MaxValue),
    };

    private static int Gpt2(ReadOnlySpan<char> text)
    {
        if (Contraction(text, ignoreCase: false) is > 0 and int contraction)
            return contraction;
        int space = text[0] == ' ' ? 1 : 0;
        foreach (Kind kind in (ReadOnlySpan<Kind>)[Kind.Letter, Kind.Number, Kind.Sign])
            if (Run(text[space..], kind) is > 0 and int run)
                return space + run;
        return Space(text);
    }

    private static int Newer(ReadOnlySpan<char> text, int digits)
    {
        if (Contraction(text, ignoreCase: true) is > 0 and int contraction)
            return contraction;
        Kind first = KindOf(text, out int length);
        int before = first is Kind.Sign or Kind.Space ? length : 0;
        if (Run(text[before..], Kind.Letter) is > 0 and int word)
            return before + word;
        if (Run(text, Kind.Number, digits) is > 0 and int number)
            return number;
        int space = text[0] == ' ' ? 1 : 0;
        if (Run(text[space..], Kind.Sign) is > 0 and int signs)
            return space + signs + Run(text[(space + signs)..], Kind.LineEnd);
        int lines = text[..WhiteSpace(text)].LastIndexOfAny('\r', '\n') + 1;
        return lines > 0 ? lines : Space(text);
    }

    private static int Digits(ReadOnlySpan<char> text, int most)
    {
        if (Run(text, Kind.Number, most) is > 0 and int number)
            return number;
        int at = 0;
        while (at < text.Length && KindOf(text[at..], out int length) != Kind.Number)
            at += length;
        return at;
    }

    /// <summary>White space up to the last one before a word, which goes with the word unless it is alone.</summary>
    private static int Space(ReadOnlySpan<char> text)
    {
        int run = WhiteSpace(text);
        return run == text.Length || run == 1 ? run : run - 1;
    }

    private static int WhiteSpace(ReadOnlySpan<char> text)
    {
        int at = 0;
        while (at < text.Length && KindOf(text[at..], out int length) is Kind.Space or Kind.LineEnd)
            at += length;
        return at;
    }

    private static int Run(ReadOnlySpan<char> text, Kind kind, int most = int.MaxValue)
    {
        int at = 0;
        for (int count = 0; count < most && at < text.Length && KindOf(text[at..], out int length) == kind; count++)
            at += length;
        return at;
    }

    private static int Contraction(ReadOnlySpan<char> text, bool ignoreCase)
    {
        if (text[0] != '\'')
            return 0;
        StringComparison comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (string ending in (ReadOnlySpan<string>)["s", "t", "re", "ve", "m", "ll", "d"])
            if (text[1..].StartsWith(ending, comparison))
                return 1 + ending.Length;
        return 0;
    }

    private static Kind KindOf(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out Rune rune, out length);
        if (rune.Value is '\r' or '\n')
            return Kind.LineEnd;
        if (Rune.IsWhiteSpace(rune))
            return Kind.Space;
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Sign,
        };
    }

    private enum Kind
    {
        Letter,
        Number,
        LineEnd,
        Space,
        Sign,
    }
}
