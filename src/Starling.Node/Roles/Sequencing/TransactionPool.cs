using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Sequencing;

/// <summary>Bounds of a pool. A sender may run ahead of its nonce by <paramref name="PerSender"/>.</summary>
public sealed record PoolLimits(int Transactions = 50_000, int PerSender = 256, long Bytes = 64 << 20);

/// <summary>
/// Transactions waiting for a batch: per sender in order of nonce, senders in order of arrival. Full means refused with
/// a reason; nothing that waits is ever pushed out.
/// </summary>
internal sealed class TransactionPool(PoolLimits limits)
{
    private readonly Dictionary<NodeId, SortedDictionary<ulong, SignedTransaction>> _senders = [];
    private readonly LinkedList<NodeId> _order = [];
    private long _bytes;

    public int Count { get; private set; }

    /// <summary>Bytes that a transaction takes in a batch, at most.</summary>
    public static int SizeOf(SignedTransaction transaction) => transaction.Payload.Length + 256;

    /// <summary>Takes a transaction in; null when it waits now (or did before), else why not.</summary>
    /// <param name="transaction">Verified by the caller.</param>
    /// <param name="next">The sender's next nonce in the ledger.</param>
    public SubmitRefusal? Add(SignedTransaction transaction, ulong next)
    {
        var (sender, nonce) = (transaction.Transaction.Sender, transaction.Transaction.Nonce);
        if (nonce < next)
            return SubmitRefusal.NonceUsed;
        if (nonce - next >= (ulong)limits.PerSender)
            return SubmitRefusal.NonceTooFar;
        var waiting = _senders.GetValueOrDefault(sender);
        if (waiting is not null && waiting.TryGetValue(nonce, out var held))
        {
            if (held.Transaction.ValidUntil >= transaction.Transaction.ValidUntil)
                return null;
            Remove(sender, nonce);
            waiting = _senders.GetValueOrDefault(sender);
        }

        if (waiting is not null && waiting.Count >= limits.PerSender)
            return SubmitRefusal.SenderFull;
        if (Count >= limits.Transactions || _bytes + SizeOf(transaction) > limits.Bytes)
            return SubmitRefusal.PoolFull;
        if (waiting is null)
        {
            _senders.Add(sender, waiting = []);
            _order.AddLast(sender);
        }

        waiting.Add(nonce, transaction);
        Count++;
        _bytes += SizeOf(transaction);
        return null;
    }

    /// <summary>True when exactly this transaction waits.</summary>
    public bool Holds(SignedTransaction transaction) =>
        _senders.TryGetValue(transaction.Transaction.Sender, out var waiting)
        && waiting.TryGetValue(transaction.Transaction.Nonce, out var held) && held.Id == transaction.Id;

    /// <summary>Forgets a transaction that will never be right.</summary>
    public void Drop(TransactionId id)
    {
        foreach (var (sender, waiting) in _senders)
            foreach (var (nonce, transaction) in waiting)
                if (transaction.Id == id)
                {
                    Remove(sender, nonce);
                    return;
                }
    }

    /// <summary>True when some sender's next transaction is here.</summary>
    public bool HasReady(Func<NodeId, ulong> nextNonce) => _order.Any(s => _senders[s].First().Key == nextNonce(s));

    /// <summary>
    /// The next batch's transactions, still in the pool: per sender a run of nonces without a gap, within the limits of
    /// a batch. Drops those whose last valid time has passed.
    /// </summary>
    public List<SignedTransaction> Next(Timestamp time, Func<NodeId, ulong> nextNonce)
    {
        var chosen = new List<SignedTransaction>();
        var bytes = 0L;
        foreach (var sender in _order.ToArray())
        {
            Discard(sender, (n, t) => n < nextNonce(sender) || t.Transaction.ValidUntil < time);
            var nonce = nextNonce(sender);
            while (_senders.TryGetValue(sender, out var waiting) && waiting.TryGetValue(nonce++, out var transaction))
            {
                bytes += SizeOf(transaction);
                if (chosen.Count == Limits.BatchTransactions || bytes > Limits.BatchBytes)
                    return chosen;
                chosen.Add(transaction);
            }
        }

        return chosen;
    }

    /// <summary>Forgets what a batch holds; its senders go behind the others.</summary>
    public void Included(IEnumerable<SignedTransaction> transactions)
    {
        foreach (var sender in transactions.Select(t => t.Transaction.Sender).Distinct().ToArray())
            if (_order.Remove(sender))
                _order.AddLast(sender);
        foreach (var transaction in transactions)
            Discard(
                transaction.Transaction.Sender, (n, _) => n <= transaction.Transaction.Nonce);
    }

    private void Discard(NodeId sender, Func<ulong, SignedTransaction, bool> unwanted)
    {
        if (!_senders.TryGetValue(sender, out var waiting))
            return;
        foreach (var (nonce, _) in waiting.Where(w => unwanted(w.Key, w.Value)).ToArray())
            Remove(sender, nonce);
    }

    private void Remove(NodeId sender, ulong nonce)
    {
        var waiting = _senders[sender];
        _bytes -= SizeOf(waiting[nonce]);
        Count--;
        waiting.Remove(nonce);
        if (waiting.Count > 0)
            return;
        _senders.Remove(sender);
        _order.Remove(sender);
    }
}
