namespace Starling.Compute.Tokens;

/// <summary>What a tokenizer's own files say, before the model's files name its special tokens.</summary>
internal sealed record TokenizerParts(TokenVocabulary Vocabulary, List<AddedToken> Added, ITextPieces Pieces)
{
    public IReadOnlyList<int> Before { get; init; } = [];

    public IReadOnlyList<int> After { get; init; } = [];

    public bool DropsFirstSpace { get; init; }
}
