using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Starling.Arithmetic;
using Starling.Compute.Kernels;

namespace Starling.Bench;

/// <summary>
/// What the machine can do, and what share of it products reach, alternated: 256-bit multiply-adds in registers, and
/// reading from memory. No peer.
/// </summary>
internal sealed class PeakComparison : IComparison
{
    public string Name => "peak";

    public IEnumerable<Row> Run(Settings settings)
    {
        settings = settings.For(10);
        foreach (var threads in new[] { 1, 2 })
        {
            using var pool = new WorkerPool(threads);
            foreach (var product in new ProductCase[] { new(512, 512, 512), new(1024, 1024, 1024), new(1024, 3072, 768) })
                yield return Compute(product, pool, settings);
            foreach (var rows in new[] { 1, 2 })
                yield return Memory(new ProductCase(rows, 50257, 768), pool, settings);
        }
    }

    private static Row Compute(ProductCase product, WorkerPool pool, Settings settings)
    {
        var backend = VectorBackend.Create(VectorWidth.V256, pool);
        using var a = new Operand(product.A.Rows, product.A.Columns);
        using var b = new Operand(product.B.Rows, product.B.Columns);
        using var c = new Operand(product.M, product.N);
        TensorView[] inputs = [a.View, b.View];
        var op = product.Operator;
        MultiplyAdds peak = new();
        return Statistics.Alternate(
            $"product {product}, {ProductRows.Threads(pool.Threads)}, of the 256-bit peak", "GFLOP/s", settings,
            () => product.GigaFlops * Statistics.Rate(settings.Seconds, () => backend.Run(op, inputs, c.View)),
            () => pool.Threads * peak.GigaFlops * Statistics.Rate(settings.Seconds, () => pool.Run(peak, pool.Threads)),
            ">= 0.75");
    }

    private static Row Memory(ProductCase product, WorkerPool pool, Settings settings)
    {
        var backend = VectorBackend.Best(pool);
        using var a = new Operand(product.A.Rows, product.A.Columns);
        using var b = new Operand(product.B.Rows, product.B.Columns);
        using var c = new Operand(product.M, product.N);
        var op = product.Operator;
        using var right = backend.Pack(op, b.View);
        using var stream = new StreamRead(right.Bytes, pool.Threads);
        return Statistics.Alternate(
            $"packed product {product}, {ProductRows.Threads(pool.Threads)}, of the bandwidth", "GB/s", settings,
            () => 1e-9 * right.Bytes * Statistics.Rate(settings.Seconds, () => backend.RunPacked(op, a.View, right, c.View)),
            () => stream.Rate(settings.Seconds),
            ">= 0.85");
    }

    /// <summary>Twelve independent chains of 256-bit multiply-adds per part.</summary>
    private sealed class MultiplyAdds : IPoolWork
    {
        private const int Turns = 100_000;

        private float _sink;

        public double GigaFlops => 2e-9 * 12 * 8 * Turns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int worker, int part)
        {
            Vector256<float> x = Vector256.Create(1.0001f), y = Vector256.Create(1e-9f);
            Vector256<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
            for (var turn = 0; turn < Turns; turn++)
            {
                (a, b, c) = (Vector256.FusedMultiplyAdd(x, y, a), Vector256.FusedMultiplyAdd(x, y, b), Vector256.FusedMultiplyAdd(x, y, c));
                (d, e, f) = (Vector256.FusedMultiplyAdd(x, y, d), Vector256.FusedMultiplyAdd(x, y, e), Vector256.FusedMultiplyAdd(x, y, f));
                (g, h, i) = (Vector256.FusedMultiplyAdd(x, y, g), Vector256.FusedMultiplyAdd(x, y, h), Vector256.FusedMultiplyAdd(x, y, i));
                (j, k, l) = (Vector256.FusedMultiplyAdd(x, y, j), Vector256.FusedMultiplyAdd(x, y, k), Vector256.FusedMultiplyAdd(x, y, l));
            }

            Volatile.Write(ref _sink, (a + b + c + d + e + f + g + h + i + j + k + l)[0]);
        }
    }
}
