using Starling.Compute.Kernels;
using Starling.Protocol.Hashing;

namespace Starling.Compute.Tensors;

/// <summary>BLAKE3 of large tensors and states on the threads of a pool. Serves one caller at a time.</summary>
public sealed class PooledHash(WorkerPool pool) : IPoolWork
{
    private Blake3Parts? parts;

    /// <summary>The hash that <see cref="Blake3.Hash(ReadOnlySpan{byte})"/> gives.</summary>
    public Hash256 Of(ReadOnlyMemory<byte> data)
    {
        parts = new Blake3Parts(data, 4 * pool.Threads);
        pool.Run(this, parts.Count);
        Hash256 root = parts.Root();
        parts = null;
        return root;
    }

    void IPoolWork.Run(int worker, int part) => parts!.Run(part);
}
