using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>
/// C = A . B by the k-chain for many rows: some panels of B are packed at a time, into the third cache, and used by every
/// block of A, which are small enough for the second.
/// </summary>
internal static unsafe class LargeGemm
{
    /// <summary>Rows from which on there is more than one block of A, for each of which a panel would be packed again.</summary>
    public const int LeastRows = 145;

    /// <summary>Columns of B that are packed at a time: 2 MiB.</summary>
    private const int ChunkColumns = 2048;

    /// <summary>Working memory of a call: the packed panels and a block of A.</summary>
    public static long ScratchFloats(int n, int k) => ChunkFloats(n, k) + PackedGemm.ScratchFloats;

    /// <param name="memory"><see cref="ScratchFloats"/> floats.</param>
    public static void Run<L, V>(float* memory, Matrix a, Matrix b, float* c, long cRow, int m, int n, int k)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width;
        for (int left = 0; left < n; left += ChunkColumns)
            for (int from = 0; from < k; from += Gemm.Depth)
            {
                int depth = Math.Min(Gemm.Depth, k - from), columns = Math.Min(ChunkColumns, n - left);
                long apart = (long)depth * width;
                for (int at = 0; at < columns; at += width)
                    Panels.Block<L, V>(
                        b.From(from, left + at), depth, Math.Min(width, columns - at), memory + (at / width * apart));
                PackedGemm.Block<L, V>(
                    memory + ChunkFloats(n, k), a.From(0, from), memory, apart, c + left, cRow, m, columns, depth,
                    PackedGemm.EndingOf(from, depth, k));
            }
    }

    /// <summary>A chunk whose last panel is full at any width.</summary>
    private static long ChunkFloats(int n, int k) => Math.Min(ChunkColumns, n + 31L) * Math.Min(Gemm.Depth, k + 15);
}
