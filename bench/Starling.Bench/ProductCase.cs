using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;

namespace Starling.Bench;

/// <summary>One product, m x k by k x n; <paramref name="Left"/> and <paramref name="Right"/>: stored transposed.</summary>
internal sealed record ProductCase(int M, int N, int K, bool Left = false, bool Right = true)
{
    public Operator Operator => new(OperatorKind.Product) { TransposeLeft = Left, TransposeRight = Right };

    public Shape A => Left ? new(K, M) : new(M, K);

    public Shape B => Right ? new(N, K) : new(K, N);

    public double GigaFlops => 2e-9 * M * N * K;

    public override string ToString() => $"{M}x{N}x{K} {(Left ? "a^T" : "a")}.{(Right ? "b^T" : "b")}";

    /// <summary>What bench/peers/product.py takes.</summary>
    public object Peer(int threads, Settings settings) =>
        new { m = M, n = N, k = K, left = Left, right = Right, threads, seconds = settings.Seconds };
}
