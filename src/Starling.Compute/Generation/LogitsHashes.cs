using Starling.Compute.Kernels;
using Starling.Protocol.Hashing;

namespace Starling.Compute.Generation;

/// <summary>
/// Hashes of the rows of one step, side by side on the threads of a pool: a row is too short to be hashed by several.
/// Serves one caller at a time.
/// </summary>
/// <param name="pool">Null to use the caller's thread alone.</param>
public sealed class LogitsHashes(int vocabularySize, WorkerPool? pool) : IPoolWork
{
    private readonly LogitsHash[] hashers =
        [.. Enumerable.Range(0, pool?.Threads ?? 1).Select(_ => new LogitsHash(vocabularySize))];

    private Hash256[] hashes = [];
    private LogitsRows? rows;

    /// <summary>What <see cref="LogitsHash.Of"/> gives of each row; valid until the next call.</summary>
    public ReadOnlySpan<Hash256> Of(LogitsRows logits)
    {
        if (hashes.Length < logits.Count)
            hashes = new Hash256[logits.Count];
        rows = logits;
        if (pool is not null && logits.Count > 1)
            pool.Run(this, logits.Count);
        else
            for (int i = 0; i < logits.Count; i++)
                ((IPoolWork)this).Run(0, i);
        rows = null;
        return hashes.AsSpan(0, logits.Count);
    }

    void IPoolWork.Run(int worker, int part) => hashes[part] = hashers[worker].Of(rows!.Row(part));
}
