using Starling.Proofs.Answers;
using Starling.Protocol.Identity;

namespace Starling.Host.OpenAi;

/// <summary>
/// Receipts of answers, kept for whoever asked for the answer. They are signed when they are fetched: most never are. The
/// oldest go when together they take too much memory. Safe for concurrent use.
/// </summary>
public sealed class AnswerReceipts(ISigner signer)
{
    /// <summary>What all that are kept take, about.</summary>
    private const long MostBytes = 64 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, UnsignedReceipt> _receipts = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];
    private long _bytes;

    internal void Keep(UnsignedReceipt receipt)
    {
        lock (_gate)
        {
            if (!_receipts.TryAdd(receipt.Id, receipt))
                return;
            _order.Enqueue(receipt.Id);
            _bytes += receipt.Bytes;
            while (_bytes > MostBytes && _order.TryDequeue(out var oldest) && _receipts.Remove(oldest, out var gone))
                _bytes -= gone.Bytes;
        }
    }

    /// <summary>The receipt of a request, for the key that made it; null where there is none.</summary>
    internal AnswerReceipt? Find(string id, string? key)
    {
        UnsignedReceipt? receipt;
        lock (_gate)
            receipt = _receipts.GetValueOrDefault(id);
        return receipt?.Key == key ? receipt?.Sign(signer) : null;
    }
}
