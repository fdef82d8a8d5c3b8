using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Starling.Bench;

/// <summary>What the memory gives to so many threads that only read: a buffer from end to end, each its share.</summary>
internal sealed unsafe class StreamRead : IDisposable
{
    private readonly int _threads;
    private readonly long _floats;
    private readonly float* _data;
    private float _sum;

    public StreamRead(double bytes, int threads)
    {
        _threads = threads;
        _floats = (long)(bytes / sizeof(float)) / 4096 * 4096;
        _data = (float*)NativeMemory.AlignedAlloc((nuint)_floats * sizeof(float), 64);
        for (long i = 0; i < _floats; i += 1024)
            new Span<float>(_data + i, 1024).Fill(i);
    }

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
        return 1e-9 * _floats * sizeof(float) * passes / watch.Elapsed.TotalSeconds;
    }

    public void Dispose() => NativeMemory.AlignedFree(_data);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(int thread)
    {
        long share = _floats / _threads, from = thread * share;
        Vector256<float> a = default, b = default, c = default, d = default;
        for (var i = from; i < from + share; i += 32)
        {
            a += Vector256.LoadAligned(_data + i);
            b += Vector256.LoadAligned(_data + i + 8);
            c += Vector256.LoadAligned(_data + i + 16);
            d += Vector256.LoadAligned(_data + i + 24);
        }

        _sum = Vector256.Sum(a + b + c + d);
    }
}
