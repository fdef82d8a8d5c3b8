namespace Starling.Programs.Inference.Grammars;

/// <summary>Why a JSON schema cannot constrain an answer.</summary>
public enum GrammarProblemCode
{
    /// <summary>It is no JSON schema.</summary>
    Malformed = 1,

    /// <summary>A keyword, or a use of one, that is not supported.</summary>
    Unsupported = 2,

    /// <summary>More parts or depth than a schema may have.</summary>
    TooLarge = 3,

    /// <summary>No value meets it.</summary>
    Empty = 4,
}

/// <param name="Path">Where in the schema, as a JSON pointer; empty for the whole.</param>
public sealed record GrammarProblem(GrammarProblemCode Code, string Path, string Message)
{
    public override string ToString() => Path.Length > 0 ? $"{Path}: {Message}" : Message;
}

internal sealed class GrammarException(GrammarProblemCode code, string path, string message) : Exception(message)
{
    public GrammarProblem Problem { get; } = new(code, path, message);
}
