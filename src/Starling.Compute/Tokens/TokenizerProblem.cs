namespace Starling.Compute.Tokens;

/// <summary>Why a tokenizer does not load or does not fit its model.</summary>
public enum TokenizerProblemCode
{
    /// <summary>No tokenizer.json, tokenizer.model, or vocab.json with merges.txt.</summary>
    Missing = 1,

    /// <summary>Too long, too deep, not JSON, or not of the form of its kind of file.</summary>
    Malformed = 2,

    /// <summary>A part that would split, change or join text in a way that is not implemented.</summary>
    Unsupported = 3,

    /// <summary>Two parts of the files disagree: a merge or special token outside the vocabulary.</summary>
    Inconsistent = 4,

    /// <summary>A token lies outside the model's vocabulary.</summary>
    VocabularyMismatch = 5,
}

/// <summary>An expected failure of loading a tokenizer.</summary>
/// <param name="Field">The file, then the place within it.</param>
public sealed record TokenizerProblem(TokenizerProblemCode Code, string Field, string Message);
