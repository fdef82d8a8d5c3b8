using BenchmarkDotNet.Attributes;
using Starling.Protocol.Hashing;

namespace Starling.Kernels;

/// <summary>BLAKE3 on one thread.</summary>
[MemoryDiagnoser]
public class Hashing
{
    private byte[] _data = [];

    [Params(1 << 10, 1 << 16, 1 << 26)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup() => _data = new byte[Bytes];

    [Benchmark]
    public Hash256 Blake3Hash() => Blake3.Hash(_data);
}
