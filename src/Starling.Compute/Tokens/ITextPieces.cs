namespace Starling.Compute.Tokens;

/// <summary>Turns text without added tokens into the symbols that merging starts from, word by word.</summary>
internal interface ITextPieces
{
    /// <summary>Appends the tokens of a piece of text.</summary>
    /// <param name="text">The piece; not empty.</param>
    /// <param name="isFirst">Whether the whole text begins with it.</param>
    /// <param name="output">Where tokens go.</param>
    void Encode(ReadOnlySpan<char> text, bool isFirst, List<int> output);
}
