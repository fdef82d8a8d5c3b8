using Starling.Arithmetic;
using Starling.Compute.Kernels;

namespace Starling.Bench;

/// <summary>Rows of single products against the faster of PyTorch and ONNX Runtime, on one thread and on two, and what they come to together.</summary>
internal static class ProductRows
{
    private static readonly int[] s_threads = [1, 2];

    /// <param name="packed">
    /// Whether the right operand was packed before the call: ours, and that of ONNX Runtime, which then takes it as a
    /// constant. PyTorch has no such call.
    /// </param>
    /// <param name="mean">Target of the geometric mean, for each number of threads.</param>
    /// <param name="worst">Target of the lowest ratio.</param>
    public static IEnumerable<Row> Run(
        string name, ProductCase[] cases, bool packed, Settings settings, string mean, string? worst = null)
    {
        settings = settings.For(cases.Length * s_threads.Length, peers: 2);
        foreach (var threads in s_threads)
        {
            using var pool = new WorkerPool(threads);
            var backend = VectorBackend.Best(pool);
            using var peer = new PeerProcess("product.py", cases[0].Peer(threads, settings), threads);
            List<Row> rows = [];
            foreach (var product in cases)
            {
                peer.Configure(product.Peer(threads, settings));
                rows.Add(One($"{name} {product}, {Threads(threads)}", product, backend, threads, packed, peer, settings));
                yield return rows[^1];
            }

            yield return Row.GeometricMean($"{name}, {Threads(threads)}: geometric mean", rows, mean);
            yield return Row.Worst($"{name}, {Threads(threads)}: worst", rows, worst);
        }
    }

    public static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";

    private static Row One(
        string what, ProductCase product, VectorBackend backend, int threads, bool packed, PeerProcess peer,
        Settings settings)
    {
        using var a = new Operand(product.A.Rows, product.A.Columns);
        using var b = new Operand(product.B.Rows, product.B.Columns);
        using var c = new Operand(product.M, product.N);
        TensorView[] inputs = [a.View, b.View];
        var op = product.Operator;
        using var onnx = new OnnxProduct(op, a.View, b.View, c.View.Shape, packed, threads);
        using var right = packed ? backend.Pack(op, b.View) : null;
        Action once = right is null
            ? () => backend.Run(op, inputs, c.View)
            : () => backend.RunPacked(op, a.View, right, c.View);
        once();
        double Measure(Action call) => product.GigaFlops * Statistics.Rate(settings.Seconds, call);
        Peer[] peers = [new("PyTorch", peer.Go), new("ONNX Runtime", () => Measure(onnx.Once))];
        return Statistics.Alternate(what, "GFLOP/s", settings, () => Measure(once), peers, null);
    }
}
