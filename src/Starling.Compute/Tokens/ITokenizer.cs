using Starling.Compute.Generation;

namespace Starling.Compute.Tokens;

/// <summary>What of a text is read as more than text.</summary>
public enum EncodeMode
{
    /// <summary>Nothing: the text of a special token is text, as training data and untrusted input need it.</summary>
    Plain = 0,

    /// <summary>Special tokens written in the text are read as tokens, as chat templates need it.</summary>
    Fragment = 1,

    /// <summary>As a fragment, with the tokens that begin and end a text as its model expects.</summary>
    Whole = 2,
}

/// <summary>Text to tokens and back. Safe for concurrent use; the same on every machine.</summary>
public interface ITokenizer
{
    /// <summary>One more than the largest token.</summary>
    int VocabularySize { get; }

    /// <summary>The token that begins a text, where the model has one.</summary>
    int? BeginToken { get; }

    /// <summary>Tokens after which an answer is complete.</summary>
    IReadOnlyList<int> EndTokens { get; }

    /// <summary>The tokens of a text. Halves of surrogate pairs count as U+FFFD.</summary>
    int[] Encode(string text, EncodeMode mode);

    /// <summary>The bytes of UTF-8, not always whole characters, that a token stands for; none for a special one.</summary>
    ReadOnlySpan<byte> BytesOf(int token);

    /// <summary>Turns tokens that follow others into text.</summary>
    ITokenText ContinueText();

    /// <summary>The text of all tokens; bytes that are not UTF-8 become U+FFFD.</summary>
    string Decode(ReadOnlySpan<int> tokens);
}
