namespace Starling.Compute.Generation;

/// <summary>Names a request within one engine; the caller chooses it.</summary>
public readonly record struct RequestId(long Value)
{
    public override string ToString() => $"request {Value}";
}

/// <summary>
/// One answer to make. A request with the tokens already delivered, on any machine, continues with exactly the tokens
/// that would have followed.
/// </summary>
public sealed record GenerationRequest
{
    public required RequestId Id { get; init; }

    public required ReadOnlyMemory<int> Prompt { get; init; }

    /// <summary>Tokens of the answer that are known already; they are not emitted again.</summary>
    public ReadOnlyMemory<int> Delivered { get; init; }

    public GenerationSettings Settings { get; init; } = new();

    /// <summary>Makes text of the answer; needed for stop texts. A fresh one per request: it takes delivered tokens too.</summary>
    public ITokenText? Text { get; init; }

    /// <summary>A fresh one per request: it takes delivered tokens too.</summary>
    public ITokenConstraint? Constraint { get; init; }
}
