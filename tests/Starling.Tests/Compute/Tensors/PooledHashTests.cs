using Starling.Compute.Kernels;
using Starling.Compute.Tensors;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Compute.Tensors;

public class PooledHashTests
{
    [Fact]
    public void ThreadsGiveTheHashOfOne()
    {
        using WorkerPool pool = new(3);
        PooledHash pooled = new(pool);
        var bytes = new byte[(5 << 20) + 77];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)((i * 2654435761u) >> 24);
        foreach (int length in new[] { 0, 1, 1024, 1025, 131072, 131073, 262144, 1 << 20, (1 << 20) + 1, 3 << 20, bytes.Length })
            Assert.Equal(Blake3.Hash(bytes.AsSpan(0, length)), pooled.Of(bytes.AsMemory(0, length)));
    }
}
