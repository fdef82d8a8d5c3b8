using Starling.Compute.Generation;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Answers;

/// <summary>
/// Commits to one answer while it is made: hashes the logits of each token, cuts chunks, and extends the running root
/// by each.
/// </summary>
public sealed class AnswerCommitter(AnswerRequest request, LogitsHash hash)
{
    private readonly List<AnswerChunk> _chunks = [];
    private readonly List<int> _tokens = [];
    private readonly List<Hash256> _logits = [];

    public AnswerRequest Request { get; } = request;

    /// <summary>The running root after the last chunk; before the first it is the request's hash.</summary>
    public Hash256 Root { get; private set; } = request.Hash();

    /// <summary>Tokens that no chunk has yet.</summary>
    public int Pending => _tokens.Count;

    public int Chunks => _chunks.Count;

    /// <summary>What is kept until the window closes.</summary>
    public AnswerRecord Record => new(Request, [.. _chunks]);

    /// <summary>The logits from which the next token is chosen.</summary>
    public void TakeLogits(ReadOnlySpan<float> logits) => _logits.Add(hash.Of(logits));

    /// <summary>The same, hashed already.</summary>
    public void TakeLogits(Hash256 logits) => _logits.Add(logits);

    public void TakeToken(int token) => _tokens.Add(token);

    /// <summary>The tokens since the last chunk as the next one; the answer's last where it has a stop.</summary>
    public AnswerChunk Cut(AnswerStop stop = AnswerStop.None)
    {
        var shown = _tokens.Count + (AnswerChunk.ShowsLast(stop) ? 1 : 0);
        if (_logits.Count != shown)
            throw new InvalidOperationException($"{_logits.Count} rows of logits for {_tokens.Count} tokens that end with {stop}");
        var chunk = new AnswerChunk([.. _tokens], [.. _logits], stop);
        _chunks.Add(chunk);
        _tokens.Clear();
        _logits.Clear();
        Root = chunk.Extend(Root);
        return chunk;
    }
}
