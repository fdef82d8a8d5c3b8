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

    /// <summary>Four streams per thread: one alone leaves the prefetchers idle part of the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(int thread)
    {
        long stream = Buffer.Rows / _threads / 4 * 4096L;
        float* p = Buffer.Data + (thread * 4 * stream), q = p + stream, r = q + stream, s = r + stream;
        Vector256<float> a = default, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (long i = 0; i < stream; i += 16)
        {
            a += Vector256.LoadAligned(p + i);
            b += Vector256.LoadAligned(p + i + 8);
            c += Vector256.LoadAligned(q + i);
            d += Vector256.LoadAligned(q + i + 8);
            e += Vector256.LoadAligned(r + i);
            f += Vector256.LoadAligned(r + i + 8);
            g += Vector256.LoadAligned(s + i);
            h += Vector256.LoadAligned(s + i + 8);
        }

        _sum = Vector256.Sum(a + b + c + d + e + f + g + h);
    }
}
