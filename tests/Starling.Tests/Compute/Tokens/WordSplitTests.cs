using System.Text.RegularExpressions;
using CsCheck;
using Starling.Compute.Tokens;
using Xunit;

namespace Starling.Tests.Compute.Tokens;

public class WordSplitTests
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Llama3 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Qwen2 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly string[] Parts =
    [
        " ", "  ", "\n", "\r", "\t", "\u00A0", "\u2028", "a", "B", "xyz", "\u00E9", "\u4E2D", "e\u0301", "1", "22", "\u00BD", "\u0663",
        "'", "'s", "'LL", "'ve", "'x", ".", "!!", "-", "_", "\u20AC", "\u0301",
    ];

    [Theory]
    [InlineData(Gpt2)]
    [InlineData(Llama3)]
    [InlineData(Qwen2)]
    public void TextsAreCutAsThePatternsCutThem(string pattern)
    {
        WordSplit split = WordSplits.Find(pattern)!.Value;
        Regex regex = new(pattern, RegexOptions.CultureInvariant);
        Gen.Int[0, Parts.Length - 1].Array[1, 12].Select(picks => string.Concat(picks.Select(pick => Parts[pick]))).Sample(
            text => Assert.Equal(regex.Matches(text).Select(match => match.Value), Words(split, text)), iter: 3000);
    }

    [Theory]
    [InlineData(Gpt2, "It's  20,000\n\n \U0001D400\U0001D401c", "It|'s| |" + " 20|,|000|\n\n| \U0001D400\U0001D401c")]
    [InlineData(Llama3, "IT'S 1234567  x\r\n\r\n y\u4E2D\U00020000", "IT|'S| |123|456|7| | x|\r\n\r\n| y\u4E2D\U00020000")]
    [InlineData(Qwen2, "a 12 (b)...\n", "a| |1|2| (|b|)...\n")]
    public void KnownTextsAreCutAsPublished(string pattern, string text, string words) =>
        Assert.Equal(words.Split('|'), Words(WordSplits.Find(pattern)!.Value, text));

    [Fact]
    public void DigitsAreSetApart()
    {
        Assert.Equal(["ab", "1", "2", " c", "3"], Words(WordSplit.EachDigit, "ab12 c3"));
        Assert.Equal(["ab", "12", " c", "3"], Words(WordSplit.DigitRuns, "ab12 c3"));
    }

    [Fact]
    public void OtherPatternsAreUnknown() => Assert.Null(WordSplits.Find(@"\w+"));

    private static List<string> Words(WordSplit split, string text)
    {
        List<string> words = [];
        for (int at = 0; at < text.Length; at += words[^1].Length)
            words.Add(text.Substring(at, WordSplits.FirstWord(split, text.AsSpan(at))));
        return words;
    }
}
