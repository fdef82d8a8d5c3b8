namespace Starling.Compute.Generation;

/// <summary>What every request must meet before it touches the model.</summary>
public static class RequestChecks
{
    /// <param name="capacity">Most tokens of a sequence in the cache; the last one of an answer need not be there.</param>
    public static RequestProblem? Check(GenerationRequest request, int capacity, int vocabularySize)
    {
        int given = request.Prompt.Length, delivered = request.Delivered.Length;
        if (given == 0)
            return new(RequestProblemCode.EmptyPrompt, "prompt", "The prompt has no tokens; give at least one.");
        if (given > capacity || (long)given + delivered > capacity + 1L)
            return new(RequestProblemCode.ContextOverflow, "prompt", delivered == 0
                ? $"The prompt has {given} tokens; the context holds {capacity}."
                : $"The prompt has {given} tokens and {delivered} are delivered; the context holds {capacity}.");
        if (request.Settings.Check(vocabularySize) is [var first, ..])
            return new(RequestProblemCode.BadSetting, first.Field, first.ToString());
        if (request.Settings.StopTexts.Count > 0 && request.Text is null)
            return new(RequestProblemCode.BadSetting, "stop", "stop needs a tokenizer that turns tokens into text.");
        return Tokens("prompt", request.Prompt.Span, vocabularySize)
            ?? Tokens("delivered", request.Delivered.Span, vocabularySize);
    }

    /// <summary>The answer so far, or why the delivered tokens cannot be its beginning.</summary>
    internal static RequestProblem? Replay(GenerationRequest request, Answer answer)
    {
        ReadOnlySpan<int> delivered = request.Delivered.Span;
        for (int i = 0; i < delivered.Length; i++)
        {
            if (answer.Ended is { } stop)
                return new(RequestProblemCode.DeliveredTooMany, "delivered",
                    $"The answer ended after {i} tokens ({stop}); {delivered.Length} are given as delivered.");
            answer.Accept(delivered[i]);
        }

        return null;
    }

    private static RequestProblem? Tokens(string field, ReadOnlySpan<int> tokens, int vocabularySize)
    {
        for (int i = 0; i < tokens.Length; i++)
            if ((uint)tokens[i] >= (uint)vocabularySize)
                return new(RequestProblemCode.TokenOutOfVocabulary, field,
                    $"Token {tokens[i]} at {i} is outside the vocabulary of {vocabularySize}.");
        return null;
    }
}
