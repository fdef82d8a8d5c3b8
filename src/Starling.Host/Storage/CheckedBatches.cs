using Starling.Ledger.Applying;
using Starling.Protocol.Batches;
using Starling.Protocol.Identity;

namespace Starling.Host.Storage;

/// <summary>Checks the signatures of the batches to come on all cores while the caller applies those that are done.</summary>
public static class CheckedBatches
{
    /// <summary>The batches in their order, each with whether all its transactions are signed as they must be.</summary>
    /// <param name="items">Read on one thread, a few ahead.</param>
    /// <param name="decode">Makes a batch of an item, on any thread.</param>
    /// <param name="signatures">Checks signatures; safe to use on many threads.</param>
    public static IEnumerable<(Batch Batch, bool Good)> Ahead<T>(
        IEnumerable<T> items, Func<T, Batch> decode, ISignatureScheme signatures)
    {
        var ahead = 2 * Environment.ProcessorCount;
        var waiting = new Queue<Task<(Batch, bool)>>(ahead);
        foreach (var item in items)
        {
            waiting.Enqueue(Task.Run(() =>
            {
                var batch = decode(item);
                return (batch, SignatureCheck.AllGood(batch.Transactions, signatures));
            }));
            if (waiting.Count == ahead)
                yield return waiting.Dequeue().GetAwaiter().GetResult();
        }

        while (waiting.TryDequeue(out var next))
            yield return next.GetAwaiter().GetResult();
    }
}
