using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Outbox;

/// <summary>
/// Carries transactions that others signed to the sequencer, again and again until a batch shows them, the sequencer
/// refuses them for good, or their last valid time passes. Bounded; not stored: whoever signed may hand them in again.
/// </summary>
/// <param name="carrier">The sequencer, or who carries on what is for it.</param>
/// <param name="capacity">Transactions at once.</param>
/// <param name="resendMs">Between two attempts.</param>
internal sealed class TransactionRelay(Func<NodeId> carrier, int capacity, int resendMs)
{
    private readonly Dictionary<TransactionId, Waiting> _waiting = [];

    public const string Timer = "relay";

    /// <summary>False when full.</summary>
    public bool Add(Timestamp now, SignedTransaction transaction, EffectList effects)
    {
        if (_waiting.ContainsKey(transaction.Id))
            return true;
        if (_waiting.Count >= capacity)
            return false;
        Send(now, transaction, effects);
        SetTimer(effects);
        return true;
    }

    public bool Has(TransactionId id) => _waiting.ContainsKey(id);

    /// <summary>A batch holds it, or it never will be in one.</summary>
    public void Forget(TransactionId id) => _waiting.Remove(id);

    /// <summary>Sends again what is still wanted; gives those whose last valid time has passed in the ledger.</summary>
    public IReadOnlyList<TransactionId> Resend(Timestamp now, Timestamp ledgerTime, EffectList effects)
    {
        var expired = _waiting.Values.Where(w => w.Transaction.Transaction.ValidUntil < ledgerTime)
            .Select(w => w.Transaction.Id).ToArray();
        foreach (var id in expired)
            _waiting.Remove(id);
        foreach (var waiting in _waiting.Values.Where(w => w.SendAgain <= now).ToArray())
            Send(now, waiting.Transaction, effects);
        SetTimer(effects);
        return expired;
    }

    private void Send(Timestamp now, SignedTransaction transaction, EffectList effects)
    {
        _waiting[transaction.Id] = new Waiting(transaction, now.After(resendMs));
        effects.Add(new Send(carrier(), new SubmitTransaction(transaction)));
    }

    private void SetTimer(EffectList effects) => effects.Add(new SetTimer(
        Timer, _waiting.Count == 0 ? null : _waiting.Values.Min(w => w.SendAgain)));

    private sealed record Waiting(SignedTransaction Transaction, Timestamp SendAgain);
}
