using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;

namespace Starling.Bench;

/// <summary>Single products x . W^T, packing included, one thread, against PyTorch's.</summary>
internal sealed class ProductsComparison : IComparison
{
    private static readonly (int M, int N, int K)[] s_shapes =
    [
        (512, 128, 128), (512, 352, 128), (512, 128, 352), (512, 256, 128), (512, 512, 512), (1024, 1024, 1024),
        (1024, 768, 3072), (8, 3072, 768), (1, 3072, 768),
    ];

    public string Name => "products";

    public IEnumerable<Row> Run(Settings settings)
    {
        var backend = VectorBackend.Best();
        var linear = new Operator(OperatorKind.Product) { TransposeRight = true };
        settings = settings.For(s_shapes.Length);
        using var peer = new PeerProcess("product.py", Configuration(s_shapes[0], settings), threads: 1);
        foreach (var shape in s_shapes)
        {
            var (m, n, k) = shape;
            peer.Configure(Configuration(shape, settings));
            using var a = new Operand(m, k);
            using var b = new Operand(n, k);
            using var c = new Operand(m, n);
            TensorView[] inputs = [a.View, b.View];
            var giga = 2e-9 * m * n * k;
            yield return Statistics.Alternate(
                $"product {m}x{n}x{k}, 1 thread", "GFLOP/s", settings,
                () => giga * Statistics.Rate(settings.Seconds, () => backend.Run(linear, inputs, c.View)),
                peer.Go, ">= 0.90 (geometric mean, large)");
        }
    }

    private static object Configuration((int M, int N, int K) shape, Settings settings) =>
        new { m = shape.M, n = shape.N, k = shape.K, threads = 1, seconds = settings.Seconds };
}
