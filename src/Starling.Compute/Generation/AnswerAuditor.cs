using Starling.Arithmetic;
using Starling.Protocol.Hashing;

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

    /// <summary>The logits behind the token at the index are not those committed to.</summary>
    WrongLogits = 5,
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
    /// <summary>
    /// Rows of a pass: enough for products at full speed, as far as their logits take no more than 64 MiB.
    /// </summary>
    private const int MostRows = 288, MostLogits = 1 << 24;

    private readonly CachedDecoder decoder;
    private readonly TokenSampler sampler;
    private readonly LogitsHash hasher;

    /// <param name="capacity">That of the engine which made the answers: it may have ended them.</param>
    public AnswerAuditor(DecoderModel model, int capacity)
    {
        decoder = new CachedDecoder(model, slots: 1, capacity, ChunkFor(model.Config.VocabularySize));
        sampler = new TokenSampler(model.Config.VocabularySize);
        hasher = new LogitsHash(model.Config.VocabularySize);
    }

    /// <summary>
    /// Compares the request's delivered tokens with what its prompt and settings yield.
    /// </summary>
    /// <param name="stop">Why the answer ended; <see cref="GenerationStop.Cancelled"/> for one that was cut off.</param>
    /// <param name="problem">Why there is nothing to compare, or null.</param>
    public AnswerVerdict Check(GenerationRequest request, GenerationStop stop, out RequestProblem? problem) =>
        Check(request, given: 0, stop, default, out problem);

    /// <summary>As above, for a worker that committed to the logits behind each token.</summary>
    /// <param name="given">Of the delivered tokens the first so many are another's: they are taken as they are.</param>
    /// <param name="logits">
    /// Hashes of the logits that each token after those was chosen from, and of those that gave none; empty to compare tokens only.
    /// </param>
    public AnswerVerdict Check(
        GenerationRequest request, int given, GenerationStop stop, ReadOnlySpan<Hash256> logits, out RequestProblem? problem)
    {
        problem = RequestChecks.Check(request, decoder.Capacity, decoder.VocabularySize);
        if (problem is not null)
            return default;
        Answer answer = new(request, decoder.Capacity, decoder.VocabularySize);
        ReadOnlySpan<int> delivered = request.Delivered.Span;
        if (Take(answer, delivered[..given]) is { } early)
            return early;
        int[] tokens = [.. request.Prompt.Span, .. delivered];
        int prompt = request.Prompt.Length - 1;
        int known = prompt + given, rest = delivered.Length - given;
        // A short prompt goes along with the answer: a pass of its own would read all weights for few rows.
        int along = rest > 0 && known <= CachedDecoder.UsualChunk && known + rest <= decoder.LargestChunk ? known : 0;
        decoder.Extend(slot: 0, tokens.AsSpan(0, known - along), start: 0);
        for (int done = given; done < delivered.Length; along = 0)
        {
            int count = Math.Min(decoder.LargestChunk - along, delivered.Length - done);
            int first = prompt + done - along;
            TensorView rows = decoder.Score(slot: 0, tokens.AsSpan(first, along + count), first, silent: along);
            for (int row = 0; row < count; row++, done++)
                if (Compare(answer, rows.Row(row), HashAt(logits, done - given), delivered[done], done) is { } wrong)
                    return wrong;
        }

        return End(answer, stop, tokens, HashAt(logits, delivered.Length - given), delivered.Length);
    }

    public void Dispose()
    {
        sampler.Dispose();
        decoder.Dispose();
    }

    private static int ChunkFor(int vocabularySize) =>
        Math.Clamp(MostLogits / vocabularySize / 8 * 8, CachedDecoder.UsualChunk, MostRows);

    private static Hash256? HashAt(ReadOnlySpan<Hash256> logits, int index) => index < logits.Length ? logits[index] : null;

    private static AnswerVerdict? Take(Answer answer, ReadOnlySpan<int> given)
    {
        for (int i = 0; i < given.Length; i++)
        {
            if (answer.Ended is not null)
                return new(AnswerVerdictCode.EndedBefore, i, Expected: -1);
            answer.Accept(given[i]);
        }

        return null;
    }

    private AnswerVerdict? Compare(Answer answer, ReadOnlySpan<float> logits, Hash256? committed, int token, int index)
    {
        if (answer.Ended is not null)
            return new(AnswerVerdictCode.EndedBefore, index, Expected: -1);
        if (committed is { } hash && hash != hasher.Of(logits))
            return new(AnswerVerdictCode.WrongLogits, index, Expected: -1);
        int expected = answer.Choose(logits, sampler);
        if (expected < 0)
            return new(AnswerVerdictCode.EndedBefore, index, Expected: -1);
        if (expected != token)
            return new(AnswerVerdictCode.WrongToken, index, expected);
        answer.Accept(token);
        return null;
    }

    /// <summary>An end for want of a next token shows only in the logits after the last one.</summary>
    private AnswerVerdict End(Answer answer, GenerationStop stop, int[] tokens, Hash256? committed, int count)
    {
        bool needsLogits = stop is GenerationStop.NotFinite or GenerationStop.NoTokenAllowed;
        if (needsLogits && answer.Ended is null)
        {
            ReadOnlySpan<float> logits = decoder.Score(slot: 0, tokens.AsSpan()[^1..], tokens.Length - 1).Row(0);
            if (committed is { } hash && hash != hasher.Of(logits))
                return new(AnswerVerdictCode.WrongLogits, count, Expected: -1);
            answer.Choose(logits, sampler);
        }

        bool agrees = stop == GenerationStop.Cancelled || stop == answer.Ended;
        return new(agrees ? AnswerVerdictCode.Agrees : AnswerVerdictCode.WrongStop, count, Expected: -1);
    }
}
