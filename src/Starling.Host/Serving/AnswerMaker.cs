using Starling.Compute.Generation;
using Starling.Node.Roles.Serving;
using Starling.Programs.Answers;
using Starling.Protocol.Answers;

namespace Starling.Host.Serving;

/// <summary>
/// One answer on its way from the engine to its worker's desk: commits to each token, and gives chunks as they are asked
/// for. Used by the engine's thread alone.
/// </summary>
internal sealed class AnswerMaker(StartAnswer start, LogitsHash hash, Action<ChunkMade> made)
{
    private readonly AnswerCommitter _committer = new(start.Request, hash);
    private readonly Queue<(AnswerChunk Chunk, TokenOdds[] Odds)> _ready = new();
    private readonly List<TokenOdds> _odds = [];
    private AnswerStop? _stop;
    private bool _wanted = true;

    /// <summary>The last chunk was given.</summary>
    public bool IsOver { get; private set; }

    public void Logits(ReadOnlySpan<float> logits) => _committer.TakeLogits(logits);

    public void Token(in ChosenToken token)
    {
        _committer.TakeToken(token.Token);
        if (start.TopLogprobs is not null)
            _odds.Add(new TokenOdds(token.Logprob, [.. token.Top]));
        if (_committer.Pending == AnswerLimits.ChunkTokens)
            Cut(AnswerStop.None);
    }

    public void Finish(GenerationStop stop) => _stop = AnswerRequests.ToStop(stop);

    /// <summary>The next chunk is wanted.</summary>
    public void Want() => _wanted = true;

    /// <summary>Gives the chunk that is wanted, if there is one.</summary>
    public void Give()
    {
        if (!_wanted || IsOver)
            return;
        if (_ready.Count == 0 && (_committer.Pending > 0 || _stop is not null))
            Cut(_stop ?? AnswerStop.None);
        if (!_ready.TryDequeue(out var next))
            return;
        _wanted = false;
        IsOver = next.Chunk.Stop != AnswerStop.None;
        made(new ChunkMade(start.Name, next.Chunk, next.Odds));
    }

    private void Cut(AnswerStop stop)
    {
        _ready.Enqueue((_committer.Cut(stop), [.. _odds]));
        _odds.Clear();
    }
}
