namespace Starling.Compute.Tokens;

/// <summary>Carries a problem out of the readers of tokenizer files to the one place that returns it.</summary>
internal sealed class TokenizerException(TokenizerProblemCode code, string field, string message) : Exception(message)
{
    public TokenizerProblem Problem { get; } = new(code, field, message);

    public static TokenizerException Malformed(string field, string message) =>
        new(TokenizerProblemCode.Malformed, field, message);

    public static TokenizerException Unsupported(string field, string message) =>
        new(TokenizerProblemCode.Unsupported, field, message);

    public static TokenizerException Inconsistent(string field, string message) =>
        new(TokenizerProblemCode.Inconsistent, field, message);
}
