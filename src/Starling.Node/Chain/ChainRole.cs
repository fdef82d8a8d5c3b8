using Starling.Ledger.Applying;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Chain;

/// <summary>
/// What every role shares: it follows the log, gets its own transactions into it, brings in blobs, and serves batches
/// to others. A role adds two things: it observes each batch, and it acts on the state.
/// </summary>
/// <remarks>
/// Acting is reconciling: from the ledger's state and what this node remembers, do what is missing. It happens after
/// every input, so a lost message, a crash or a refusal needs no handling of its own.
/// </remarks>
public abstract class ChainRole : IRole
{
    private const string PollTimer = "poll";

    private Timestamp _lastNews;
    private Timestamp _askedAt;

    private protected ChainRole(NodeSettings settings)
    {
        Settings = settings;
        Follower = new ChainFollower(settings);
        Outbox = new TransactionOutbox(Follower.State.Chain, settings.Signer, settings.Sequencer, settings.Outbox);
        Blobs = new BlobDesk(settings.FetchRetryMs);
    }

    /// <summary>The ledger as this node has replayed it.</summary>
    public LedgerState State => Follower.State;

    private protected NodeSettings Settings { get; }

    private protected NodeId Self => Settings.Self;

    private protected ChainFollower Follower { get; }

    private protected TransactionOutbox Outbox { get; }

    private protected BlobDesk Blobs { get; }

    /// <summary>True for the role that makes the batches: it asks nobody for them.</summary>
    private protected virtual bool Orders => false;

    public void Step(Timestamp now, Input input, EffectList effects)
    {
        switch (input)
        {
            case Started started:
                Start(now, started, effects);
                break;
            case MessageReceived { Message: AnnounceBatch announced }:
                Follow(now, announced.Batch, effects);
                break;
            case MessageReceived { Message: RequestBatches request } message:
                Serve(message.From, request.FromHeight, effects);
                break;
            case TimerFired { Timer: TransactionOutbox.Timer }:
                Outbox.Resend(now, effects);
                break;
            case TimerFired { Timer: PollTimer }:
                Poll(now, effects);
                break;
            case PeerPresence { Present: true } back when back.Peer == Settings.Sequencer && !Orders:
                Ask(now, effects);
                break;
            default:
                if (!Blobs.Take(now, input))
                    Handle(now, input, effects);
                break;
        }

        Act(now, effects);
    }

    /// <summary>Loads the role's own records; the log has not been replayed yet.</summary>
    private protected virtual void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
    }

    /// <summary>Learns from one applied batch, live or replayed. Asks for nothing that a replay must not repeat.</summary>
    private protected virtual void Observe(Timestamp now, AppliedBatch applied, EffectList effects)
    {
    }

    /// <summary>A batch holds a transaction of this role's own, sent for this purpose.</summary>
    private protected virtual void Settled(
        Timestamp now, string purpose, SignedTransaction transaction, Outcome outcome, EffectList effects)
    {
    }

    /// <summary>Takes an input that only this role knows.</summary>
    private protected virtual void Handle(Timestamp now, Input input, EffectList effects)
    {
    }

    /// <summary>Does what the state asks of this role and is not under way yet.</summary>
    private protected abstract void Act(Timestamp now, EffectList effects);

    /// <summary>Applies a batch of this node's own making, which the log has taken.</summary>
    private protected void Adopt(Timestamp now, AppliedBatch applied, EffectList effects) => Learn(now, applied, effects);

    private void Start(Timestamp now, Started started, EffectList effects)
    {
        Outbox.Restore(started.Records);
        Restore(started.Records);
        foreach (var batch in started.Log)
        {
            var result = Follower.Take(batch);
            if (result.Applied is not { } applied)
                throw new InvalidOperationException(
                    $"the stored batch at height {batch.Header.Header.Height} is refused: {result.Refusal}");
            Learn(now, applied, effects);
        }

        _lastNews = now;
        Outbox.Resend(now, effects);
        if (!Orders)
        {
            Ask(now, effects);
            effects.Add(new SetTimer(PollTimer, now.After(Settings.PollMs)));
        }
    }

    private void Follow(Timestamp now, Batch batch, EffectList effects)
    {
        if (Orders)
            return;
        foreach (var result in Follower.Offer(batch))
        {
            if (result.Applied is { } applied)
            {
                effects.Add(new StoreBatch(applied.Batch));
                _lastNews = now;
                Learn(now, applied, effects);
            }
            else
            {
                effects.Tell("batch.refused", ("height", State.Height + 1), ("reason", result.Refusal));
            }
        }

        if (Follower.HasGap && _askedAt.After(Settings.PollMs / 4) <= now)
            Ask(now, effects);
    }

    private void Learn(Timestamp now, AppliedBatch applied, EffectList effects)
    {
        foreach (var (transaction, outcome) in applied.Own(Self))
            if (Outbox.Observe(State.Time, transaction, outcome.Succeeded, effects) is { } purpose)
                Settled(now, purpose, transaction, outcome, effects);
        Outbox.AccountNonce(now, State.Accounts.Find(Self)?.Nonce ?? 0, effects);
        Observe(now, applied, effects);
    }

    private void Poll(Timestamp now, EffectList effects)
    {
        if (_lastNews.After(Settings.PollMs) <= now)
            Ask(now, effects);
        effects.Add(new SetTimer(PollTimer, now.After(Settings.PollMs)));
    }

    private void Ask(Timestamp now, EffectList effects)
    {
        _askedAt = now;
        effects.Add(new Send(Settings.Sequencer, new RequestBatches(State.Height + 1)));
    }

    private void Serve(NodeId to, ulong from, EffectList effects)
    {
        foreach (var batch in Follower.BatchesFrom(from, Settings.BatchesPerRequest))
            effects.Add(new Send(to, new AnnounceBatch(batch)));
    }
}
