using System.Text;

namespace Starling.Compute.Tokens;

/// <summary>Byte-level pair encoding: words are cut by patterns, and merging starts from their bytes.</summary>
internal sealed class BytePieces : ITextPieces
{
    private readonly TokenVocabulary vocabulary;
    private readonly PairMerges merges;
    private readonly IReadOnlyList<WordSplit> splits;
    private readonly int[] byteTokens = new int[256];

    /// <exception cref="TokenizerException">A byte has no token.</exception>
    public BytePieces(string field, TokenVocabulary vocabulary, PairMerges merges, IReadOnlyList<WordSplit> splits)
    {
        (this.vocabulary, this.merges, this.splits) = (vocabulary, merges, splits);
        for (int value = 0; value < byteTokens.Length; value++)
            byteTokens[value] = vocabulary.Find(ByteCharacters.Of((byte)value).ToString())
                ?? throw TokenizerException.Inconsistent(field, $"has no token for the byte {value}");
    }

    /// <summary>Whether a text is brought to composed form first.</summary>
    public bool Composes { get; init; }

    /// <summary>Whether a word that is a token stays whole even where merging would cut it.</summary>
    public bool WholeWordsFirst { get; init; }

    public void Encode(ReadOnlySpan<char> text, bool isFirst, List<int> output) =>
        Split(Composes ? Composition.Apply(text.ToString()) : text, 0, output);

    private void Split(ReadOnlySpan<char> text, int level, List<int> output)
    {
        if (level == splits.Count)
        {
            Merge(text, output);
            return;
        }

        while (!text.IsEmpty)
        {
            int word = WordSplits.FirstWord(splits[level], text);
            Split(text[..word], level + 1, output);
            text = text[word..];
        }
    }

    private void Merge(ReadOnlySpan<char> word, List<int> output)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        if (WholeWordsFirst && vocabulary.Find(ByteCharacters.Encode(bytes)) is { } whole)
        {
            output.Add(whole);
            return;
        }

        int[] symbols = Array.ConvertAll(bytes, value => byteTokens[value]);
        merges.Apply(symbols, output);
    }
}
