using Starling.Compute.Generation;
using Starling.Programs.Answers;
using Starling.Protocol.Answers;

namespace Starling.Host.OpenAi;

/// <summary>Keeps what an engine's answers come from while they are made. For the engine's thread alone.</summary>
internal sealed class AnswerRecorder(int vocabularySize)
{
    private readonly LogitsHash _hash = new(vocabularySize);
    private readonly Dictionary<RequestId, AnswerCommitter> _answers = [];

    public void Begin(RequestId id, AnswerRequest request) => _answers.Add(id, new AnswerCommitter(request, _hash));

    public void Logits(RequestId id, ReadOnlySpan<float> logits)
    {
        if (_answers.TryGetValue(id, out var answer))
            answer.TakeLogits(logits);
    }

    public void Token(RequestId id, int token)
    {
        if (!_answers.TryGetValue(id, out var answer))
            return;
        answer.TakeToken(token);
        if (answer.Pending == AnswerLimits.ChunkTokens)
            answer.Cut();
    }

    /// <summary>The whole answer; null for one that is not recorded.</summary>
    public AnswerRecord? End(RequestId id, GenerationStop stop)
    {
        if (!_answers.Remove(id, out var answer))
            return null;
        answer.Cut(AnswerRequests.ToStop(stop));
        return answer.Record;
    }

    public void Forget(RequestId id) => _answers.Remove(id);
}
