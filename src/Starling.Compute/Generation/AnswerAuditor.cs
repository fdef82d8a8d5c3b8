using Starling.Arithmetic;

namespace Starling.Compute.Generation;

/// <summary>What an audit of an answer found.</summary>
public enum AnswerVerdictCode
{
    /// <summary>Prompt, settings and model give exactly these tokens and this end.</summary>
    Agrees = 1,

    /// <summary>The token at the index is another.</summary>
    WrongToken = 2,

    /// <summary>The answer was over before the token at the index.</summary>
    EndedBefore = 3,

    /// <summary>The tokens agree; the reason why they end there does not.</summary>
    WrongStop = 4,
}

/// <param name="Index">The first token that is wrong; the number of tokens where all are right.</param>
/// <param name="Expected">The token that belongs there, -1 for none.</param>
public readonly record struct AnswerVerdict(AnswerVerdictCode Code, int Index, int Expected);

/// <summary>
/// Recomputes answers by prefilling prompt and answer together, many tokens a pass, and choosing every token again: exact
/// equality, since the bits of a logit do not depend on how its sequence was cut into passes.
/// </summary>
public sealed class AnswerAuditor : IDisposable
{
    private readonly CachedDecoder decoder;
    private readonly TokenSampler sampler;

    /// <param name="capacity">That of the engine which made the answers: it may have ended them.</param>
    public AnswerAuditor(DecoderModel model, int capacity)
    {
        decoder = new CachedDecoder(model, slots: 1, capacity);
        sampler = new TokenSampler(model.Config.VocabularySize);
    }

    /// <summary>
    /// Compares the request's delivered tokens with what its prompt and settings yield.
    /// </summary>
    /// <param name="stop">Why the answer ended; <see cref="GenerationStop.Cancelled"/> for one that was cut off.</param>
    /// <param name="problem">Why there is nothing to compare, or null.</param>
    public AnswerVerdict Check(GenerationRequest request, GenerationStop stop, out RequestProblem? problem)
    {
        problem = RequestChecks.Check(request, decoder.Capacity, decoder.VocabularySize);
        if (problem is not null)
            return default;
        Answer answer = new(request, decoder.Capacity, decoder.VocabularySize);
        ReadOnlySpan<int> delivered = request.Delivered.Span;
        int[] tokens = [.. request.Prompt.Span, .. delivered];
        int first = request.Prompt.Length - 1;
        decoder.Extend(slot: 0, tokens.AsSpan(0, first), start: 0);
        for (int done = 0; done < delivered.Length;)
        {
            int count = Math.Min(CachedDecoder.LargestChunk, delivered.Length - done);
            TensorView logits = decoder.Score(slot: 0, tokens.AsSpan(first + done, count), first + done);
            for (int row = 0; row < count; row++, done++)
                if (Compare(answer, logits.Row(row), delivered[done], done) is { } wrong)
                    return wrong;
        }

        return End(answer, stop, tokens, delivered.Length);
    }

    public void Dispose()
    {
        sampler.Dispose();
        decoder.Dispose();
    }

    private AnswerVerdict? Compare(Answer answer, ReadOnlySpan<float> logits, int token, int index)
    {
        if (answer.Ended is not null)
            return new(AnswerVerdictCode.EndedBefore, index, Expected: -1);
        int expected = answer.Choose(logits, sampler);
        if (expected < 0)
            return new(AnswerVerdictCode.EndedBefore, index, Expected: -1);
        if (expected != token)
            return new(AnswerVerdictCode.WrongToken, index, expected);
        answer.Accept(token);
        return null;
    }

    /// <summary>An end for want of a next token shows only in the logits after the last one.</summary>
    private AnswerVerdict End(Answer answer, GenerationStop stop, int[] tokens, int count)
    {
        bool needsLogits = stop is GenerationStop.NotFinite or GenerationStop.NoTokenAllowed;
        if (needsLogits && answer.Ended is null)
            answer.Choose(decoder.Score(slot: 0, tokens.AsSpan()[^1..], tokens.Length - 1).Row(0), sampler);
        bool agrees = stop == GenerationStop.Cancelled || stop == answer.Ended;
        return new(agrees ? AnswerVerdictCode.Agrees : AnswerVerdictCode.WrongStop, count, Expected: -1);
    }
}
