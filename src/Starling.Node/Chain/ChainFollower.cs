using Starling.Ledger.Applying;
using Starling.Ledger.State;
using Starling.Protocol.Batches;

namespace Starling.Node.Chain;

/// <summary>What became of one batch: applied, or refused with the ledger's reason.</summary>
public readonly record struct FollowResult(AppliedBatch? Applied, BatchRefusal Refusal);

/// <summary>
/// Replays the log: applies batches in order, waits at a gap, drops repeats, refuses what is not valid. Batches that
/// come early wait in a bounded buffer; the rest is asked for again.
/// </summary>
public sealed class ChainFollower
{
    /// <summary>How far ahead of the next height a batch may be kept.</summary>
    private const int Ahead = 1_024;

    private readonly LedgerMachine _ledger;
    private readonly List<Batch> _log = [];
    private readonly SortedDictionary<ulong, Batch> _early = [];

    public ChainFollower(NodeSettings settings)
    {
        _ledger = new LedgerMachine(settings.Scheme, settings.Referee);
        State = GenesisState.Create(settings.Genesis);
    }

    public LedgerState State { get; private set; }

    /// <summary>The first height whose batch is in memory.</summary>
    public ulong LogFrom { get; private set; } = 1;

    /// <summary>True while a later batch is here than the one that must come next.</summary>
    public bool HasGap => _early.Count > 0;

    /// <summary>Goes on from another state; batches before it are the store's only.</summary>
    public void StartFrom(LedgerState state)
    {
        (State, LogFrom) = (state, state.Height + 1);
        _log.Clear();
    }

    /// <summary>Takes a batch from a peer: gives what became of it and of those that waited for it.</summary>
    public IEnumerable<FollowResult> Offer(Batch batch)
    {
        var height = batch.Header.Header.Height;
        if (height <= State.Height || height > State.Height + Ahead)
            yield break;
        if (height > State.Height + 1)
        {
            _early.TryAdd(height, batch);
            yield break;
        }

        for (Batch? next = batch; next is not null; next = TakeEarly())
        {
            var result = Take(next);
            yield return result;
            if (result.Applied is null)
                yield break;
        }
    }

    /// <summary>Applies the next batch.</summary>
    /// <param name="batch">The one after the last.</param>
    /// <param name="stored">True for a batch whose signatures were checked before it was stored.</param>
    public FollowResult Take(Batch batch, bool stored = false)
    {
        var result = _ledger.Apply(State, batch, signaturesKnownGood: stored);
        if (!result.Applied)
            return new FollowResult(null, result.Refusal);
        _log.Add(batch);
        return new FollowResult(new AppliedBatch(batch, result.Outcomes, result.Events), BatchRefusal.None);
    }

    /// <summary>The header of an applied batch; null where its batch is no longer in memory.</summary>
    public SignedHeader? HeaderAt(ulong height) => BatchesFrom(height, 1).FirstOrDefault()?.Header;

    /// <summary>Applied batches from a height on, at most <paramref name="max"/>.</summary>
    public IEnumerable<Batch> BatchesFrom(ulong height, int max) =>
        height < LogFrom || height > State.Height ? [] : _log.Skip((int)(height - LogFrom)).Take(max);

    /// <summary>The next batch as the ledger would have it, for whoever produces batches.</summary>
    internal Proposal Propose(
        ReadOnlySpan<Protocol.Transactions.SignedTransaction> transactions, Protocol.Timestamp time,
        Protocol.Hashing.Hash256 beacon) => _ledger.Propose(State, transactions, time, beacon);

    private Batch? TakeEarly()
    {
        while (_early.Count > 0 && _early.First().Key <= State.Height)
            _early.Remove(_early.First().Key);
        return _early.Remove(State.Height + 1, out var next) ? next : null;
    }
}
