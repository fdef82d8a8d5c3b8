using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Starling.Arithmetic;
using Starling.Compute.Tensors;

namespace Starling.Bench;

/// <summary>
/// What the memory gives to so many threads that only read: a buffer, allocated as weights are, from end to end, each its
/// share.
/// </summary>
internal sealed unsafe class StreamRead : IDisposable
{
    private readonly int _threads;
    private readonly TensorMemory _memory;
    private float _sum;

    public StreamRead(double bytes, int threads)
    {
        _threads = threads;
        _memory = new TensorMemory(TensorLayout.Create([("buffer", new Shape((int)(bytes / sizeof(float) / 4096), 4096))]));
        _memory.Tensors[0].Span.Fill(1);
    }

    private TensorView Buffer => _memory.Tensors[0];

    /// <summary>GB per second.</summary>
    public double Rate(double seconds)
    {
        var watch = Stopwatch.StartNew();
        var passes = 0;
        do
        {
            Parallel.For(0, _threads, new ParallelOptions { MaxDegreeOfParallelism = _threads }, Read);
            passes++;
        }
        while (watch.Elapsed.TotalSeconds < seconds);
        return 1e-9 * Buffer.Shape.Elements * sizeof(float) * passes / watch.Elapsed.TotalSeconds;
    }

    public void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(int thread)
    {
        long share = Buffer.Rows / _threads * 4096L, from = thread * share;
        var data = Buffer.Data;
        Vector256<float> a = default, b = default, c = default, d = default;
        for (var i = from; i < from + share; i += 32)
        {
            a += Vector256.LoadAligned(data + i);
            b += Vector256.LoadAligned(data + i + 8);
            c += Vector256.LoadAligned(data + i + 16);
            d += Vector256.LoadAligned(data + i + 24);
        }

        _sum = Vector256.Sum(a + b + c + d);
    }
}
