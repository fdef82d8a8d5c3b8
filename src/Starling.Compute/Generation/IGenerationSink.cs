namespace Starling.Compute.Generation;

/// <summary>Takes what an engine makes, during its step. Spans are valid for the call only.</summary>
public interface IGenerationSink
{
    /// <summary>
    /// The logits of all answers that get their next token in a step, before any is chosen: for those who commit to them, side
    /// by side (<see cref="LogitsHashes"/>). Otherwise each row is given to <see cref="Logits"/>.
    /// </summary>
    void Rows(LogitsRows rows)
    {
        for (int i = 0; i < rows.Count; i++)
            Logits(rows.Request(i), rows.Row(i));
    }

    /// <summary>
    /// The logits from which the next token is chosen, before it is. The last ones of an answer that ends for want of a
    /// token are followed by <see cref="Finished"/>.
    /// </summary>
    void Logits(RequestId request, ReadOnlySpan<float> logits)
    {
    }

    void Token(RequestId request, in ChosenToken token);

    /// <summary>The last call for a request.</summary>
    /// <param name="text">Text held back that turned out to be no stop text.</param>
    void Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text);
}

/// <summary>One token of an answer.</summary>
public readonly ref struct ChosenToken
{
    public required int Token { get; init; }

    /// <summary>Its number within the answer, delivered tokens included, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its logarithm of probability; NaN where the settings ask for none.</summary>
    public required float Logprob { get; init; }

    /// <summary>The likeliest tokens, as many as the settings ask for.</summary>
    public required ReadOnlySpan<TokenLogprob> Top { get; init; }

    /// <summary>UTF-8 that can be shown now; empty without <see cref="GenerationRequest.Text"/>.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }
}
