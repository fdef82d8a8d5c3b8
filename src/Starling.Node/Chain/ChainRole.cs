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

    /// <summary>A transaction further ahead of its sender's nonce is not carried on: no sequencer would keep it.</summary>
    private const ulong NoncesAhead = 256;

    private readonly SnapshotKeeper _snapshots;
    private readonly LogSources _sources;
    private readonly HeaderWatch _watch;
    private SnapshotSync? _sync;
    private ulong _storedFrom = 1;
    private Timestamp _lastNews;
    private Timestamp _askedAt;

    private protected ChainRole(NodeSettings settings)
    {
        Settings = settings;
        Follower = new ChainFollower(settings);
        Outbox = new TransactionOutbox(Follower.State.Chain, settings.Signer, settings.Sequencer, settings.Outbox);
        Blobs = new BlobDesk(settings.FetchRetryMs);
        _snapshots = new SnapshotKeeper(settings.SnapshotEvery);
        _sources = new LogSources(settings.Sequencer, settings.Self);
        _watch = new HeaderWatch(settings);
    }

    /// <summary>The ledger as this node has replayed it.</summary>
    public LedgerState State => Follower.State;

    /// <summary>
    /// True for a role that needs the state only and nothing of how it came about, so that it may start from a snapshot.
    /// </summary>
    public virtual bool StartsFromSnapshot => false;

    /// <summary>True once the producer was proven to tell two logs: no batch is made or taken any more.</summary>
    public bool IsHalted => _watch.Proven is not null;

    private protected NodeSettings Settings { get; }

    private protected NodeId Self => Settings.Self;

    /// <summary>Who takes transactions: the sequencer, or a peer while this node does not reach it.</summary>
    private protected NodeId Carrier => _sources.Relay ?? Settings.Sequencer;

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
            case MessageReceived { Message: AnnounceBatch announced } message:
                if (!IsRival(announced.Batch.Header, effects))
                    Follow(now, message.From, announced.Batch, effects);
                break;
            case MessageReceived { Message: ReportEquivocation report } message:
                _watch.Told(message.From, report.Proof, effects);
                break;
            case MessageReceived { Message: SubmitTransaction submitted } when Settings.Sequencer != Self:
                Forward(now, submitted.Transaction, effects);
                break;
            case MessageReceived { Message: RequestBatches request } message:
                Serve(message.From, request.FromHeight, effects);
                break;
            case MessageReceived { Message: RequestSnapshot } message:
                if (_snapshots.Current is { } offer)
                    effects.Add(new Send(message.From, new OfferSnapshot(offer)));
                break;
            case MessageReceived { Message: OfferSnapshot offered } message:
                _sync?.Offered(message.From, offered.Offer, effects);
                break;
            case TimerFired { Timer: TransactionOutbox.Timer }:
                Outbox.Resend(now, effects);
                break;
            case TimerFired { Timer: PollTimer }:
                Outbox.Via = _sources.Relay;
                Poll(now, effects);
                break;
            case PeerPresence presence:
                Met(now, presence, effects);
                break;
            default:
                if (!Blobs.Take(now, input))
                    Handle(now, input, effects);
                break;
        }

        if (_sync is null && !(Orders && IsHalted))
            Act(now, effects);
        else if (_sync is not null)
            Synchronise(now, _sync, effects);
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
    private protected void Adopt(Timestamp now, AppliedBatch applied, EffectList effects)
    {
        Learn(now, applied, effects);
        _snapshots.Applied(State, applied.Batch, effects);
    }

    private void Start(Timestamp now, Started started, EffectList effects)
    {
        Outbox.Restore(started.Records);
        _snapshots.Restore(started.Records);
        _watch.Restore(started.Records);
        Restore(started.Records);
        _storedFrom = started.StoredFrom;
        if (started.State is { } state)
            Follower.StartFrom(state);
        foreach (var batch in started.Log)
        {
            var result = Follower.Take(batch, stored: true);
            if (result.Applied is not { } applied)
                throw new InvalidOperationException(
                    $"the stored batch at height {batch.Header.Header.Height} is refused: {result.Refusal}");
            Learn(now, applied, effects);
        }

        _lastNews = now;
        Outbox.Resend(now, effects);
        if (Orders)
            return;
        if (State.Height == 0 && StartsFromSnapshot && Settings.SnapshotEvery > 0)
            (_sync = new SnapshotSync(Settings, Blobs)).Start(now, effects);
        else
            Ask(now, effects);
        effects.Add(new SetTimer(PollTimer, now.After(Settings.PollMs)));
    }

    /// <summary>A peer came or went.</summary>
    private void Met(Timestamp now, PeerPresence peer, EffectList effects)
    {
        _sources.Presence(peer);
        _sync?.Presence(now, peer, effects);
        if (peer.Present)
            _watch.Tell(peer.Peer, effects);
        Outbox.Via = _sources.Relay;
        if (peer.Present && peer.Peer == Settings.Sequencer && !Orders)
        {
            Ask(now, peer.Peer, effects);
            Outbox.SendAgain(now, effects);
        }

        Handle(now, peer, effects);
    }

    private void Synchronise(Timestamp now, SnapshotSync sync, EffectList effects)
    {
        if (sync.Act(now, effects) is var (state, offer))
        {
            Follower.StartFrom(state);
            _storedFrom = offer.Height;
            effects.Add(new StartLog(offer.Last));
            _snapshots.Keep(offer, effects);
            effects.Tell("snapshot.taken", ("height", offer.Height));
        }

        if (!sync.Ended)
            return;
        _sync = null;
        Ask(now, effects);
    }

    private void Follow(Timestamp now, NodeId from, Batch batch, EffectList effects)
    {
        if (Orders || IsHalted || _sync is not null)
            return;
        foreach (var result in Follower.Offer(batch))
        {
            if (result.Applied is { } applied)
            {
                effects.Add(new StoreBatch(applied.Batch));
                _lastNews = now;
                Learn(now, applied, effects);
                _snapshots.Applied(State, applied.Batch, effects);
            }
            else
            {
                effects.Tell("batch.refused", ("height", State.Height + 1), ("reason", result.Refusal));
                if (IsForged(result.Refusal) && batch.Header.Header.Height == State.Height + 1)
                    effects.Add(new Penalise(from, $"a batch that the producer did not make: {result.Refusal}"));
            }
        }

        if (IsOfAnotherLog(batch.Header) && _askedAt.After(Settings.PollMs / 4) <= now)
        {
            _askedAt = now;
            effects.Add(new Send(from, new RequestBatches(State.Height)));
        }

        if (Follower.HasGap && _askedAt.After(Settings.PollMs / 4) <= now)
            Ask(now, effects);
    }

    /// <summary>True for what nobody passes on who looked at it, whatever the producer did.</summary>
    private static bool IsForged(BatchRefusal refusal) => refusal is BatchRefusal.WrongChain or BatchRefusal.WrongProducer
        or BatchRefusal.BadHeaderSignature or BatchRefusal.WrongTransactions or BatchRefusal.BadTransactionSignature
        or BatchRefusal.TooManyTransactions;

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

    private void Ask(Timestamp now, EffectList effects) => Ask(now, _sources.Next(), effects);

    private void Ask(Timestamp now, NodeId source, EffectList effects)
    {
        if (IsHalted || _sync is not null)
            return;
        _askedAt = now;
        effects.Add(new Send(source, new RequestBatches(State.Height + 1)));
    }

    /// <summary>True for a header that contradicts the log of this node, or its end: the peer may have the proof.</summary>
    private bool IsRival(SignedHeader header, EffectList effects)
    {
        var height = header.Header.Height;
        if (height == 0 || height > State.Height || Follower.HeaderAt(height) is not { } mine || mine.Hash == header.Hash)
            return false;
        _watch.Saw(mine, header, effects);
        return true;
    }

    /// <summary>A batch that goes on from another last one than this node's: whoever brought it may have that one too.</summary>
    private bool IsOfAnotherLog(SignedHeader header) => State.Height > 0 && header.Header.Height == State.Height + 1
        && header.Header.Previous != State.LastHeader && header.Header.Producer == Settings.Genesis.Producer
        && header.Verify(Settings.Scheme);

    /// <summary>
    /// Carries on what a peer cannot bring to the sequencer by itself. Whoever signed it sends it again until a batch shows it,
    /// so nothing is kept here.
    /// </summary>
    private void Forward(Timestamp now, SignedTransaction transaction, EffectList effects)
    {
        var body = transaction.Transaction;
        var next = State.Accounts.Find(body.Sender)?.Nonce ?? 0;
        if (body.Chain == State.Chain && body.ValidUntil >= now && body.Sender != Self && body.Nonce >= next
            && body.Nonce - next < NoncesAhead && transaction.Verify(Settings.Scheme))
            effects.Add(new Send(Settings.Sequencer, new SubmitTransaction(transaction)));
    }

    private void Serve(NodeId to, ulong from, EffectList effects)
    {
        if (from < Follower.LogFrom && from >= _storedFrom)
            effects.Add(new SendStored(to, from, Settings.BatchesPerRequest));
        foreach (var batch in Follower.BatchesFrom(from, Settings.BatchesPerRequest))
            effects.Add(new Send(to, new AnnounceBatch(batch)));
    }
}
