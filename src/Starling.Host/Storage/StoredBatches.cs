using Starling.Host.Ports;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;

namespace Starling.Host.Storage;

/// <summary>Reads stored rows of a log, of any engine: no gap, and each batch names the one before.</summary>
internal static class StoredBatches
{
    /// <param name="rows">Ascending by height.</param>
    /// <param name="fromHeight">The height of the first.</param>
    /// <param name="place">Where the log is, for messages.</param>
    /// <param name="fix">What to do about damage.</param>
    /// <exception cref="StorageException">A batch is missing or damaged.</exception>
    public static List<Batch> Read(IEnumerable<(ulong Height, byte[] Bytes)> rows, ulong fromHeight, string place, string fix)
    {
        var batches = new List<Batch>();
        var expected = fromHeight;
        foreach (var (height, bytes) in rows)
        {
            if (height != expected)
                throw Damaged(expected, "is missing");
            batches.Add(Decode(height, bytes));
            if (batches.Count > 1 && batches[^1].Header.Header.Previous != batches[^2].Header.Hash)
                throw Damaged(height, "does not follow from the one before");
            expected++;
        }

        return batches;

        Batch Decode(ulong height, byte[] bytes)
        {
            try
            {
                var batch = RecordCodec.Decode<Batch>(bytes);
                return batch.Header.Header.Height == height ? batch : throw Damaged(height, "holds another height");
            }
            catch (DecodeException e)
            {
                throw Damaged(height, e.Message);
            }
        }

        StorageException Damaged(ulong height, string problem) =>
            new(StorageFault.Corrupt, $"{place}: batch {height} {problem}: {fix}");
    }
}
