using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>
/// C = A . B by the k-chain, B packed on the way: one panel (two vectors wide, one block of k deep: it stays in the first
/// cache) at a time, used at once by all rows. A is read in place where its k is contiguous, else transposed once per block.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>Most k of a block.</summary>
    public const int Depth = 256;

    /// <summary>Floats of A per sweep: 320 KiB, which stay in the second cache.</summary>
    private const int BlockFloats = 80 * 1024;

    /// <summary>Panels of B from which on a tidy copy of A pays.</summary>
    private const int ManyPanels = 16, SomePanels = 4;

    /// <summary>Panels that the fewest rows take at once.</summary>
    private const int PackedAtOnce = 4;

    /// <summary>Floats between copied rows of A: off a power of two, so that rows do not share cache sets.</summary>
    private const int RowGap = 16;

    /// <summary>Working memory of a call: some panels of B and a block of A.</summary>
    public static long ScratchFloats(int width) => PanelFloats(width) + BlockFloats + (12 * (Depth + RowGap));

    /// <param name="memory"><see cref="ScratchFloats"/> floats.</param>
    /// <param name="phase">Where in its block of 256 the first k lies: the first block has 256 - phase terms.</param>
    /// <param name="last"><see cref="Ending.Last"/> where the output leaves the operator, so that NaN is cleaned.</param>
    public static void Run<L, V>(
        float* memory, Matrix a, Matrix b, float* c, long cRow, int m, int n, int k, int phase, Ending last)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* rows = memory + PanelFloats(L.Width);
        for (int from = 0, depth; from < k; from += depth)
        {
            depth = Math.Min(from == 0 ? Depth - phase : Depth, k - from);
            var ending = (from == 0 ? Ending.First : 0) | (from + depth == k ? last : 0);
            int step = RowsPerSweep(m, depth, BlockFloats);
            for (int top = 0; top < m; top += step)
            {
                int count = Math.Min(step, m - top);
                Matrix block = Tidy(a.From(top, from), count, depth, n / (2 * L.Width), rows);
                Sweep<L, V>(block, b.From(from, 0), depth, memory, c + (top * cRow), cRow, count, n, ending);
            }
        }
    }

    /// <summary>Equal shares of the rows, whole tiles, none over so many floats.</summary>
    public static int RowsPerSweep(int m, int depth, int floats)
    {
        int most = floats / (depth + RowGap), sweeps = (m + most - 1) / most;
        return ((((m + sweeps - 1) / sweeps) + 11) / 12) * 12;
    }

    /// <summary>
    /// A block of A with contiguous k: in place, or as a copy if it is transposed, or if its rows lie
    /// far apart (many pages; a multiple of 2 KiB, so that they share cache sets) and enough panels will read it.
    /// </summary>
    public static Matrix Tidy(Matrix a, int count, int depth, int panels, float* copy)
    {
        bool untidy = a.Row > 2 * Depth && (panels >= ManyPanels || (panels >= SomePanels && (a.Row & 511) == 0));
        if (a.Column == 1 && (!untidy || count == 1))
            return a;
        if (a.Column == 1)
            Panels.Copy(a.Data, a.Row, count, depth, copy, depth + RowGap, depth);
        else
            Panels.Transpose(a.Data, a.Column, count, depth, copy, depth + RowGap, depth);
        return new Matrix(copy, depth + RowGap, 1);
    }

    private static long PanelFloats(int width) => Scratch.Align((long)PackedAtOnce * Depth * 2 * width);

    private static void Sweep<L, V>(
        Matrix a, Matrix b, int depth, float* panels, float* c, long cRow, int m, int n, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width, atOnce = m <= Strips.SkinnyRows ? SkinnyTiles.Panels(m) : 1;
        long apart = (long)depth * width;
        for (int left = 0; left < n; left += atOnce * width)
        {
            int columns = Math.Min(atOnce * width, n - left);
            for (int at = 0; at < columns; at += width)
                Panels.Block<L, V>(
                    b.From(0, left + at), depth, Math.Min(width, columns - at), panels + (at / width * apart));
            if (atOnce > 1)
                Strips.RunSkinny<L, V>(a.Data, a.Row, panels, apart, c + left, cRow, m, columns, depth, ending);
            else
                Strips.Run<L, V>(a.Data, a.Row, panels, c + left, cRow, m, columns, depth, ending, null);
        }
    }
}
