using Starling.Compute.Generation;

namespace Starling.Compute.Tokens;

/// <summary>A tokenizer by pair encoding, as GPT-2, Llama and Qwen2 have it.</summary>
internal sealed class PairTokenizer : ITokenizer
{
    private readonly TokenVocabulary vocabulary;
    private readonly AddedTokens added;
    private readonly ITextPieces pieces;

    public PairTokenizer(TokenVocabulary vocabulary, IEnumerable<AddedToken> added, ITextPieces pieces) =>
        (this.vocabulary, this.added, this.pieces) = (vocabulary, new AddedTokens(added), pieces);

    public int VocabularySize => vocabulary.Size;

    public int? BeginToken { get; init; }

    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>Tokens before a whole text.</summary>
    public IReadOnlyList<int> Before { get; init; } = [];

    /// <summary>Tokens after a whole text.</summary>
    public IReadOnlyList<int> After { get; init; } = [];

    /// <summary>Whether the first space of a text was put before it by encoding.</summary>
    public bool DropsFirstSpace { get; init; }

    public int[] Encode(string text, EncodeMode mode)
    {
        List<int> output = [];
        if (mode == EncodeMode.Whole)
            output.AddRange(Before);
        for (int at = 0; at < text.Length;)
        {
            AddedToken? token = added.Next(text, at, special: mode != EncodeMode.Plain, out int begin, out int end);
            if (begin > at)
                pieces.Encode(text.AsSpan(at, begin - at), at == 0, output);
            if (token is not null)
                output.Add(token.Id);
            at = end;
        }

        if (mode == EncodeMode.Whole)
            output.AddRange(After);
        return [.. output];
    }

    public ReadOnlySpan<byte> BytesOf(int token) => vocabulary.BytesOf(token);

    public ITokenText ContinueText() => new TokenText(this);

    public string Decode(ReadOnlySpan<int> tokens)
    {
        string text = TokenText.Join(this, tokens);
        return DropsFirstSpace && text.StartsWith(' ') ? text[1..] : text;
    }
}
