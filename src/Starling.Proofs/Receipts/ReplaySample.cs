using System.Buffers.Binary;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Receipts;

/// <summary>Which tasks of a receipt to run again: all, or a number of them that follow from a seed.</summary>
/// <param name="Count">How many; null for all.</param>
/// <param name="Seed">Draws them: anyone who knows it draws the same.</param>
public sealed record ReplaySample(int? Count, ulong Seed)
{
    private static readonly HashDomain s_domain = HashDomain.Get("replay sample");

    public static ReplaySample All { get; } = new(null, 0);

    /// <summary>The positions drawn out of <paramref name="tasks"/>, ascending: those whose hashes are the smallest.</summary>
    internal IReadOnlyList<int> Draw(JobId job, int tasks) => Count is not { } count || count >= tasks
        ? [.. Enumerable.Range(0, tasks)]
        : [.. Enumerable.Range(0, tasks).OrderBy(i => HashOf(job, i)).Take(count).Order()];

    private Hash256 HashOf(JobId job, int index)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size + 12];
        job.Hash.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[Hash256.Size..], Seed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(Hash256.Size + 8)..], index);
        return s_domain.Hash(bytes);
    }
}
