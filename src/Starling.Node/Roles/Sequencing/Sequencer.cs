using Starling.Ledger.Applying;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Sequencing;

/// <summary>How a sequencer makes batches.</summary>
/// <param name="IntervalMs">Shortest time between two batches.</param>
/// <param name="Pool">Bounds of what waits.</param>
public sealed record SequencerSettings(int IntervalMs, PoolLimits Pool)
{
    /// <summary>For one machine.</summary>
    public static SequencerSettings Local { get; } = new(25, new PoolLimits());
}

/// <summary>
/// Orders the log: gathers transactions, and makes a batch when one is ready or when the ledger wants one for what
/// time brings about. An idle network makes none.
/// </summary>
public sealed class Sequencer : ChainRole
{
    private const string BatchTimer = "batch";

    /// <summary>How long a renewal of the beacons may wait for its batch before it is signed anew.</summary>
    private const long RenewalMs = 60_000;

    /// <summary>The record that a restored copy carries.</summary>
    public const string RestoredRecord = "restored";

    /// <summary>Without news for so long, everybody who is there has told what he knows.</summary>
    private const int QuietMs = 5_000;

    /// <summary>Whoever hears nobody for so long is alone.</summary>
    private const int AloneMs = 30_000;

    private readonly BeaconChains _beacons;
    private readonly SequencerSettings _settings;
    private readonly TransactionPool _pool;
    private Batch? _appending;
    private SignedTransaction? _renewal;
    private Timestamp _nextAt;
    private bool _learning;
    private Timestamp? _learnUntil;

    /// <param name="node">Its key must be the producer that genesis names.</param>
    /// <param name="beacons">The first is the chain whose tip genesis holds.</param>
    /// <param name="settings">Pace and bounds.</param>
    public Sequencer(NodeSettings node, BeaconChains beacons, SequencerSettings settings)
        : base(node)
    {
        if (node.Genesis.Producer != node.Self)
            throw new ArgumentException("genesis names another producer", nameof(node));
        _beacons = beacons;
        _settings = settings;
        _pool = new TransactionPool(settings.Pool);
    }

    public override bool StartsFromSnapshot => true;

    /// <summary>
    /// False while a sequencer that was restored from a copy learns what it had ordered after the copy was made: a batch of
    /// its own making at a height that it gave away before would be a second truth.
    /// </summary>
    private protected override bool Orders => !_learning;

    private protected override void Restore(IReadOnlyDictionary<string, byte[]> records) =>
        _learning = records.ContainsKey(RestoredRecord);

    private protected override void Handle(Timestamp now, Input input, EffectList effects)
    {
        switch (input)
        {
            case PeerPresence { Present: true } when _learning:
                _learnUntil = now.After(QuietMs);
                break;
            case MessageReceived { Message: SubmitTransaction submit } message:
                if (Refusal(now, submit.Transaction) is { } refusal)
                    effects.Add(new Send(message.From, new RefuseTransaction(submit.Transaction.Id, refusal)));
                break;
            case BatchAppended appended when ReferenceEquals(appended.Batch, _appending):
                Appended(now, appended, effects);
                break;
        }
    }

    private protected override void Observe(Timestamp now, AppliedBatch applied, EffectList effects)
    {
        _pool.Included(applied.Batch.Transactions);
        if (_learnUntil is not null)
            _learnUntil = now.After(QuietMs);
    }

    private protected override void Act(Timestamp now, EffectList effects)
    {
        if (_appending is not null || IsLearning(now, effects))
            return;
        RenewBeacons(now);
        var wanted = _pool.HasReady(NextNonce) ? now : NextBatch.WantedAt(State);
        if (wanted is not { } at)
        {
            effects.Add(new SetTimer(BatchTimer, null));
            return;
        }

        if (at < _nextAt)
            at = _nextAt;
        if (at > now)
            effects.Add(new SetTimer(BatchTimer, at));
        else
            Propose(now, effects);
    }

    private bool IsLearning(Timestamp now, EffectList effects)
    {
        if (!_learning)
            return false;
        _learnUntil ??= now.After(AloneMs);
        if (_learnUntil > now)
        {
            effects.Add(new SetTimer(BatchTimer, _learnUntil));
            return true;
        }

        (_learning, _learnUntil) = (false, null);
        effects.Add(new StoreRecord(RestoredRecord, null));
        effects.Tell("sequencer.restored", ("height", State.Height));
        return false;
    }

    private SubmitRefusal? Refusal(Timestamp now, SignedTransaction transaction)
    {
        if (_pool.Holds(transaction))
            return null;
        if (transaction.Transaction.Chain != State.Chain)
            return SubmitRefusal.WrongChain;
        if (transaction.Transaction.ValidUntil < now)
            return SubmitRefusal.Expired;
        if (!transaction.Verify(Settings.Scheme))
            return SubmitRefusal.BadSignature;
        return _pool.Add(transaction, NextNonce(transaction.Transaction.Sender));
    }

    /// <summary>Announces the next chain of beacons while the one in use still lasts: without one the log would end.</summary>
    private void RenewBeacons(Timestamp now)
    {
        if (_renewal is { } sent && sent.Transaction.ValidUntil >= now && _pool.Holds(sent)
            || _beacons.Due(State.Network) is not { } next)
            return;
        _renewal = SignedTransaction.Sign(
            new Transaction(
                State.Chain, Self, NextNonce(Self), now.After(RenewalMs), null, new RenewBeacon(next.Tip, next.Height)),
            Settings.Signer);
        _pool.Add(_renewal, NextNonce(Self));
    }

    /// <exception cref="InvalidOperationException">The secret that the beacons come from is not the one of genesis.</exception>
    private void Propose(Timestamp now, EffectList effects)
    {
        if (Settings.Genesis.Beacon != _beacons.Tip)
            throw new InvalidOperationException("genesis names another beacon chain: restore the sequencer's secret from a copy");
        var transactions = _pool.Next(now, NextNonce);
        var proposal = Follower.Propose(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(transactions), now, _beacons.Next(State.Network));
        foreach (var dropped in proposal.Dropped)
            _pool.Drop(dropped.Transaction);
        _nextAt = now.After(_settings.IntervalMs);
        if (proposal.Transactions.Length == 0 && !NextBatch.IsWanted(State, now))
        {
            effects.Add(new SetTimer(BatchTimer, _nextAt));
            return;
        }

        _appending = proposal.Sign(Settings.Signer);
        effects.Add(new AppendBatch(_appending));
    }

    private void Appended(Timestamp now, BatchAppended appended, EffectList effects)
    {
        if (!appended.Accepted)
        {
            // Another producer holds this height. The log is the authority: whoever runs two must restart this one.
            effects.Tell("sequencer.height-taken", ("height", appended.Batch.Header.Header.Height));
            return;
        }

        _appending = null;
        if (Follower.Take(appended.Batch) is not { Applied: { } applied })
            throw new InvalidOperationException("the ledger refuses a batch that it proposed");
        effects.Add(new Broadcast(new AnnounceBatch(appended.Batch)));
        Adopt(now, applied, effects);
    }

    private ulong NextNonce(NodeId sender) => State.Accounts.Find(sender)?.Nonce ?? 0;
}
