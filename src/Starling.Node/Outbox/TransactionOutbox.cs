using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Outbox;

/// <summary>How an outbox paces itself.</summary>
/// <param name="ResendMs">A transaction that no batch shows is sent again after this.</param>
/// <param name="LifetimeMs">How long a signature stays valid; an expired one is signed anew with the same nonce.</param>
/// <param name="InFlight">Transactions signed at once; the rest are refused to the caller, who asks again.</param>
/// <param name="BackoffMs">A purpose that the ledger refused is not tried again before this, doubling each time.</param>
public sealed record OutboxSettings(
    int ResendMs = 1_000, int LifetimeMs = 60_000, int InFlight = 64, int BackoffMs = 2_000);

/// <summary>
/// Gets a role's own transactions into the log: gives nonces, signs, stores, sends until a batch shows them, and signs
/// anew what expired. Every transaction has a purpose of its own; asking twice for one purpose sends one transaction.
/// </summary>
/// <remarks>
/// An expired transaction keeps its nonce: the old signature can never enter a batch, and no gap opens before the
/// transactions after it.
/// </remarks>
public sealed class TransactionOutbox(ChainId chain, ISigner signer, NodeId sequencer, OutboxSettings settings)
{
    private const string Prefix = "outbox/";

    private readonly SortedDictionary<ulong, Waiting> _waiting = [];
    private readonly Dictionary<string, Refused> _refused = [];
    private ulong _ledgerNonce;

    public const string Timer = "outbox";

    /// <summary>A peer that carries transactions on while the sequencer cannot be reached; null to send them to it.</summary>
    public NodeId? Via { get; set; }

    /// <summary>Who signs.</summary>
    public NodeId Self => signer.Id;

    public int Count => _waiting.Count;

    /// <summary>True while a transaction for this purpose is on its way.</summary>
    public bool Has(string purpose) => _waiting.Values.Any(w => w.Entry.Purpose == purpose);

    /// <summary>The transaction on its way for this purpose.</summary>
    public SignedTransaction? Find(string purpose) =>
        _waiting.Values.FirstOrDefault(w => w.Entry.Purpose == purpose)?.Entry.Transaction;

    /// <summary>What the transactions on their way ask for, in the order of their nonces.</summary>
    public IEnumerable<TransactionBody> Pending => _waiting.Values.Select(w => w.Entry.Transaction.Transaction.Body);

    /// <summary>Loads what was on its way before the restart. Call before the log is replayed.</summary>
    public void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        foreach (var (key, value) in records)
            if (key.StartsWith(Prefix, StringComparison.Ordinal))
            {
                var entry = RecordCodec.Decode<OutboxEntry>(value);
                _waiting[entry.Nonce] = new Waiting(entry, default);
            }
    }

    /// <summary>
    /// Signs and sends, unless this purpose is on its way already, was refused a short while ago, or the outbox is full.
    /// </summary>
    /// <returns>True when a transaction for the purpose is on its way now.</returns>
    public bool Submit(Timestamp now, string purpose, TransactionBody body, EffectList effects)
    {
        if (Has(purpose))
            return true;
        if (_waiting.Count >= settings.InFlight || (_refused.TryGetValue(purpose, out var r) && now < r.Until))
            return false;
        var nonce = _waiting.Count == 0 ? _ledgerNonce : Math.Max(_ledgerNonce, _waiting.Last().Key + 1);
        Sign(now, nonce, purpose, body, effects);
        SetTimer(effects);
        return true;
    }

    /// <summary>Tells the outbox of one transaction of its own key in an applied batch.</summary>
    /// <param name="now">The batch's time.</param>
    /// <param name="transaction">As the batch holds it.</param>
    /// <param name="applied">False when the ledger refused what it asks; the nonce is used either way.</param>
    /// <param name="effects">Takes the record's removal.</param>
    /// <returns>The purpose it was sent for; null when this outbox did not send it.</returns>
    public string? Observe(Timestamp now, SignedTransaction transaction, bool applied, EffectList effects)
    {
        if (!_waiting.TryGetValue(transaction.Transaction.Nonce, out var waiting)
            || waiting.Entry.Transaction.Id != transaction.Id)
            return null;
        var purpose = waiting.Entry.Purpose;
        Remove(transaction.Transaction.Nonce, effects);
        if (applied)
            _refused.Remove(purpose);
        else
            _refused[purpose] = NextRefusal(now, _refused.GetValueOrDefault(purpose));
        return purpose;
    }

    /// <summary>
    /// The account's next nonce after a batch. Whatever waits below it lost its nonce to another holder of the key and
    /// moves to the end of the queue.
    /// </summary>
    public void AccountNonce(Timestamp now, ulong nonce, EffectList effects)
    {
        _ledgerNonce = nonce;
        while (_waiting.Count > 0 && _waiting.First() is { Key: var lowest, Value: var waiting } && lowest < nonce)
        {
            Remove(lowest, effects);
            var next = _waiting.Count == 0 ? nonce : Math.Max(nonce, _waiting.Last().Key + 1);
            Sign(now, next, waiting.Entry.Purpose, waiting.Entry.Transaction.Transaction.Body, effects);
        }
    }

    /// <summary>Sends what no batch has shown for a while. Call when <see cref="Timer"/> fires and after a restart.</summary>
    public void Resend(Timestamp now, EffectList effects)
    {
        foreach (var (nonce, waiting) in _waiting.ToArray())
            if (waiting.Entry.Transaction.Transaction.ValidUntil < now)
                Sign(now, nonce, waiting.Entry.Purpose, waiting.Entry.Transaction.Transaction.Body, effects);
            else if (waiting.SendAgain <= now)
                Send(now, waiting.Entry, effects);
        SetTimer(effects);
    }

    /// <summary>Sends everything that waits at once: the sequencer is back, and what it had not put into a batch is lost.</summary>
    public void SendAgain(Timestamp now, EffectList effects)
    {
        foreach (var (nonce, waiting) in _waiting.ToArray())
            _waiting[nonce] = waiting with { SendAgain = now };
        Resend(now, effects);
    }

    private Refused NextRefusal(Timestamp now, Refused? last)
    {
        var wait = Math.Min(last is null ? settings.BackoffMs : last.WaitMs * 2, 64L * settings.BackoffMs);
        return new Refused(now.After(wait), wait);
    }

    private void Sign(Timestamp now, ulong nonce, string purpose, TransactionBody body, EffectList effects)
    {
        var transaction = new Transaction(chain, signer.Id, nonce, now.After(settings.LifetimeMs), null, body);
        var entry = new OutboxEntry(purpose, SignedTransaction.Sign(transaction, signer));
        effects.Add(new StoreRecord(Key(nonce), RecordCodec.Encode(entry)));
        Send(now, entry, effects);
    }

    private void Send(Timestamp now, OutboxEntry entry, EffectList effects)
    {
        _waiting[entry.Nonce] = new Waiting(entry, now.After(settings.ResendMs));
        effects.Add(new Send(Via ?? sequencer, new SubmitTransaction(entry.Transaction)));
    }

    private void Remove(ulong nonce, EffectList effects)
    {
        _waiting.Remove(nonce);
        effects.Add(new StoreRecord(Key(nonce), null));
    }

    private void SetTimer(EffectList effects) => effects.Add(new SetTimer(
        Timer, _waiting.Count == 0 ? null : _waiting.Values.Min(w => w.SendAgain)));

    private static string Key(ulong nonce) => $"{Prefix}{nonce:D20}";

    private sealed record Waiting(OutboxEntry Entry, Timestamp SendAgain);

    private sealed record Refused(Timestamp Until, long WaitMs);
}
