using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>C = A . B by the k-chain with B packed before the call.</summary>
internal static unsafe class PackedGemm
{
    /// <summary>Rows up to which one panel's whole k is streamed from memory before the next panel.</summary>
    private const int FewRows = 32;

    /// <summary>Columns of C over which all k pass before the next columns: C stays in the caches meanwhile.</summary>
    private const int ChunkColumns = 2048;

    /// <summary>Floats of A per sweep: 144 rows, which leave room in the second cache for panels and output.</summary>
    private const int BlockFloats = 144 * 272;

    /// <summary>Working memory of a call: a block of A.</summary>
    public const long ScratchFloats = BlockFloats + (12 * 272);

    /// <param name="memory"><see cref="ScratchFloats"/> floats.</param>
    /// <param name="panels">The panel of C's first columns; the next ones lie <paramref name="apart"/> floats further each.</param>
    public static void Run<L, V>(
        float* memory, Matrix a, float* panels, long apart, float* c, long cRow, int m, int n, int k)
        where L : struct, ILanes<V>
        where V : struct
    {
        if (m <= FewRows && a.Column == 1)
        {
            Stream<L, V>(a, panels, apart, c, cRow, m, n, k);
            return;
        }

        for (int left = 0; left < n; left += ChunkColumns, panels += ChunkColumns / (2 * L.Width) * apart)
            for (int from = 0; from < k; from += Gemm.Depth)
            {
                int depth = Math.Min(Gemm.Depth, k - from);
                Block<L, V>(
                    memory, a.From(0, from), panels + (from * 2L * L.Width), apart, c + left, cRow, m,
                    Math.Min(ChunkColumns, n - left), depth, EndingOf(from, depth, k));
            }
    }

    /// <summary>
    /// One block of k: A block by block, each copied once and kept in the second cache while all panels pass.
    /// </summary>
    /// <param name="memory"><see cref="ScratchFloats"/> floats.</param>
    public static void Block<L, V>(
        float* memory, Matrix a, float* panels, long apart, float* c, long cRow, int m, int n, int depth, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width, step = Gemm.RowsPerSweep(m, depth, BlockFloats);
        for (int top = 0; top < m; top += step)
        {
            int count = Math.Min(step, m - top);
            Matrix block = Gemm.Tidy(a.From(top, 0), count, depth, n / width, memory);
            float* panel = panels;
            for (int left = 0; left < n; left += width, panel += apart)
                Strips.Run<L, V>(
                    block.Data, block.Row, panel, c + (top * cRow) + left, cRow, count, Math.Min(width, n - left), depth,
                    ending, panel + apart);
        }
    }

    public static Ending EndingOf(int from, int depth, int k) =>
        (from == 0 ? Ending.First : 0) | (from + depth == k ? Ending.Last : 0);

    /// <summary>Panel by panel: B, most of what is read, goes by in the order of memory.</summary>
    private static void Stream<L, V>(Matrix a, float* panels, long apart, float* c, long cRow, int m, int n, int k)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width, atOnce = m <= Strips.SkinnyRows ? SkinnyTiles.Panels(m) : 1;
        for (int left = 0; left < n; left += atOnce * width, panels += atOnce * apart)
            for (int from = 0; from < k; from += Gemm.Depth)
            {
                int depth = Math.Min(Gemm.Depth, k - from), columns = Math.Min(atOnce * width, n - left);
                float* panel = panels + ((long)from * width), source = a.At(0, from);
                Ending ending = EndingOf(from, depth, k);
                if (atOnce > 1)
                    Strips.RunSkinny<L, V>(source, a.Row, panel, apart, c + left, cRow, m, columns, depth, ending);
                else
                    Strips.Run<L, V>(
                        source, a.Row, panel, c + left, cRow, m, columns, depth, ending, panel + ((long)depth * width));
            }
    }
}
