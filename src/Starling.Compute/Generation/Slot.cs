namespace Starling.Compute.Generation;

/// <summary>
/// One sequence's part of the cache. After its answer ended it keeps its rows, for later requests with the same start.
/// </summary>
internal sealed class Slot(int index)
{
    private Answer? last;

    public int Index { get; } = index;

    /// <summary>The answer that runs here, or null.</summary>
    public Answer? Answer { get; private set; }

    /// <summary>Rows in the cache, of the first tokens of the last answer.</summary>
    public int Cached { get; private set; }

    /// <summary>When it was last used, in requests.</summary>
    public long Used { get; private set; }

    /// <summary>Tokens that are not in the cache yet; the last of them gives the next logits.</summary>
    public int Pending => Answer is null ? 0 : Answer.Known - Cached;

    /// <summary>Rows here that would be those of the answer too; at least its last token has to run.</summary>
    public int Shared(Answer answer) => last is null ? 0
        : Math.Min(last.Tokens[..Cached].CommonPrefixLength(answer.Tokens), answer.Known - 1);

    public void Take(Answer answer, int cached, long now) => (last, Answer, Cached, Used) = (answer, answer, cached, now);

    public void Advance(int rows) => Cached += rows;

    public void Free() => Answer = null;

    /// <summary>Exchanges everything but the place.</summary>
    public void Swap(Slot other)
    {
        (last, other.last) = (other.last, last);
        (Answer, other.Answer) = (other.Answer, Answer);
        (Cached, other.Cached) = (other.Cached, Cached);
        (Used, other.Used) = (other.Used, Used);
    }
}
