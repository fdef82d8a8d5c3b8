using Starling.Protocol;
using Starling.Protocol.Answers;

namespace Starling.Ledger.Answers;

/// <summary>What must hold of an answer whatever the model computes: its terms, its tokens, and where it ends.</summary>
public static class AnswerForm
{
    /// <summary>
    /// Whether the answer is one of the endpoint's model, within its limits, and ends where its tokens say: neither
    /// behind a stop nor short of one that it claims.
    /// </summary>
    public static bool Fits(AnswerRecord answer, JobId endpoint, AnswerTerms terms)
    {
        var (request, sampling) = (answer.Request, answer.Request.Sampling);
        if (request.Endpoint != endpoint || request.Model != terms.Model || request.Prompt.Length > terms.Capacity)
            return false;
        var tokens = answer.Tokens();
        return tokens.Length <= terms.Capacity + 1
            && Array.TrueForAll(tokens, t => t < terms.Vocabulary)
            && Array.TrueForAll(sampling.Biases, b => b.Token < terms.Vocabulary)
            && Array.TrueForAll(sampling.StopTokens, t => t < terms.Vocabulary)
            && EndsRightly(answer, tokens, terms.Capacity);
    }

    private static bool EndsRightly(AnswerRecord answer, int[] tokens, int capacity)
    {
        var request = answer.Request;
        var end = AnswerStop.None;
        for (var n = request.Prompt.Length; n < tokens.Length; n++)
        {
            if (end != AnswerStop.None)
                return false;
            end = EndAt(request, tokens[n], n + 1, capacity);
        }

        // A worker whose beginning was complete already has nothing to add.
        if (end != AnswerStop.None && answer.Logits().Length == 0)
            return false;
        var needsText = !request.Beyond.IsZero;
        return answer.Stop switch
        {
            AnswerStop.None => true,
            AnswerStop.NotFinite => end == AnswerStop.None,
            AnswerStop.NoTokenAllowed => end == AnswerStop.None && needsText,
            AnswerStop.StopText => needsText && end != AnswerStop.StopToken,
            _ => answer.Stop == end,
        };
    }

    /// <summary>Why an answer ends with the token that makes the sequence so long, as far as tokens alone say.</summary>
    private static AnswerStop EndAt(AnswerRequest request, int token, int length, int capacity)
    {
        if (Array.IndexOf(request.Sampling.StopTokens, token) >= 0)
            return AnswerStop.StopToken;
        if (length == request.Prompt.Length + (long)request.Sampling.MaxTokens)
            return AnswerStop.MaxTokens;
        return length > capacity ? AnswerStop.ContextFull : AnswerStop.None;
    }
}
