using Starling.Compute.Kernels;
using Starling.Compute.Tensors;
using Starling.Protocol.Hashing;

namespace Starling.Bench;

/// <summary>BLAKE3 of 64 MiB: at once, in parts as they arrive, on two threads; beside b3sum and OpenSSL's SHA-256.</summary>
internal sealed class Blake3Comparison : IComparison
{
    private const int Bytes = 64 << 20, Part = 100_000;
    private const double Giga = Bytes * 1e-9;

    public string Name => "blake3";

    public IEnumerable<Row> Run(Settings settings)
    {
        settings = settings.For(4, peers: 2);
        var data = new byte[Bytes];
        new Random(1).NextBytes(data);
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, data);
            foreach (var row in Rows(data, path, settings))
                yield return row;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<Row> Rows(byte[] data, string path, Settings settings)
    {
        using var one = Program("b3sum", path, 1, settings);
        using var sha = Program("sha256", path, 1, settings);
        using var two = Program("b3sum", path, 2, settings);
        var whole = Statistics.Alternate(
            "BLAKE3 of 64 MiB, 1 thread", "GB/s", settings, () => Rate(settings, () => Blake3.Hash(data)),
            [new Peer("b3sum, its start included", one.Go), new Peer("SHA-256 of OpenSSL", sha.Go)], ">= 1.0");
        yield return whole;
        yield return new Row("BLAKE3 of 64 MiB, 1 thread, alone", "GB/s", whole.Ours, Target: ">= 2");
        var hasher = new Blake3Hasher();
        yield return Statistics.Alternate(
            $"BLAKE3 in parts of {Part} bytes against at once", "GB/s", settings,
            () => Rate(settings, () => InParts(hasher, data)),
            () => Rate(settings, () => Blake3.Hash(data)), ">= 0.95");
        using var pool = new WorkerPool(2);
        var pooled = new PooledHash(pool);
        yield return Statistics.Alternate(
            "BLAKE3 of 64 MiB, 2 threads", "GB/s", settings, () => Rate(settings, () => pooled.Of(data)),
            [new Peer("b3sum, its start included", two.Go)], ">= 1.0");
    }

    private static double Rate(Settings settings, Action once) => Giga * Statistics.Rate(settings.Seconds, once);

    private static void InParts(Blake3Hasher hasher, ReadOnlySpan<byte> data)
    {
        hasher.Reset();
        for (; data.Length > Part; data = data[Part..])
            hasher.Update(data[..Part]);
        hasher.Update(data);
        hasher.Finish();
    }

    private static PeerProcess Program(string program, string path, int threads, Settings settings) =>
        new("hash.py", new { program, path, bytes = Bytes, threads, seconds = settings.Seconds }, threads);
}
