using CsCheck;
using Microsoft.ML.Tokenizers;
using Starling.Compute.Tokens;
using Xunit;

namespace Starling.Tests.Compute.Tokens;

public class PairMergesTests
{
    /// <summary>The peer merges the same words by the same table.</summary>
    [Fact]
    public void WordsMergeAsInMicrosoftsTokenizers() => Gen.Select(
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 40]).Array[1, 25], Gen.Char["abc "].Array[1, 40]).Sample(
        (picks, letters) =>
        {
            (Dictionary<string, int> vocabulary, List<(string Left, string Right)> merges) = Table(picks);
            string text = new string(letters).Trim();
            if (text.Length == 0)
                return;
            BpeTokenizer peer = BpeTokenizer.Create(new BpeOptions(vocabulary)
            {
                ByteLevel = true,
                Merges = [.. merges.Select(merge => $"{merge.Left} {merge.Right}")],
            });
            TestTokenizer ours = new(vocabulary, merges, split: "");
            Assert.Equal(
                peer.EncodeToIds(text, considerPreTokenization: false, considerNormalization: false),
                ours.Load().Encode(text, EncodeMode.Plain));
        },
        iter: 300);

    [Fact]
    public void ALongWordTakesNoMoreThanItsShare()
    {
        TestTokenizer files = new([("a", "a"), ("aa", "aa"), ("aaaa", "aaaa")]);
        int[] tokens = files.Load().Encode(new string('a', 100_001), EncodeMode.Plain);
        Assert.Equal((100_000 / 8) + 1, tokens.Length);
    }

    /// <summary>Merges of earlier tokens, and a vocabulary with them.</summary>
    private static (Dictionary<string, int> Vocabulary, List<(string Left, string Right)> Merges) Table((int Left, int Right)[] picks)
    {
        List<string> tokens = ["a", "b", "c", "\u0120"];
        List<(string, string)> merges = [];
        foreach ((int left, int right) in picks)
        {
            (string a, string b) = (tokens[left % tokens.Count], tokens[right % tokens.Count]);
            if (tokens.Contains(a + b) || a.Length + b.Length > 12)
                continue;
            merges.Add((a, b));
            tokens.Add(a + b);
        }

        return (TestTokenizer.VocabularyOf(merges), merges);
    }
}
