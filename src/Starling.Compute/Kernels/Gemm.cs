using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>
/// C = A . B by the k-chain. B is packed one panel (two vectors wide, one block of k deep: it stays in the first cache)
/// at a time and used at once by all rows; A is read in place where its k is contiguous, else transposed once per block.
/// </summary>
internal static unsafe class Gemm
{
    private const int Depth = 256;

    /// <summary>Floats of A per sweep: 320 KiB, which stay in the second cache.</summary>
    private const int BlockFloats = 80 * 1024;

    /// <summary>Panels of B from which on a tidy copy of A pays.</summary>
    private const int ManyPanels = 16, SomePanels = 4;

    /// <summary>Floats between copied rows of A: off a power of two, so that rows do not share cache sets.</summary>
    private const int RowGap = 16;

    /// <summary>Working memory of a call: a panel of B and a block of A.</summary>
    public static long ScratchFloats(int width) =>
        Scratch.Align((long)Depth * 2 * width) + BlockFloats + (12 * (Depth + RowGap));

    /// <param name="memory"><see cref="ScratchFloats"/> floats.</param>
    /// <param name="phase">Where in its block of 256 the first k lies: the first block has 256 - phase terms.</param>
    /// <param name="last"><see cref="Ending.Last"/> where the output leaves the operator, so that NaN is cleaned.</param>
    public static void Run<L, V>(
        float* memory, Matrix a, Matrix b, float* c, long cRow, int m, int n, int k, int phase, Ending last)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* rows = memory + Scratch.Align((long)Depth * 2 * L.Width);
        for (int from = 0, depth; from < k; from += depth)
        {
            depth = Math.Min(from == 0 ? Depth - phase : Depth, k - from);
            var ending = (from == 0 ? Ending.First : 0) | (from + depth == k ? last : 0);
            int step = RowsPerSweep(m, depth);
            for (int top = 0; top < m; top += step)
            {
                int count = Math.Min(step, m - top);
                long aRow = a.Row;
                float* source = Block(a, top, from, count, depth, n / (2 * L.Width), rows, ref aRow);
                Sweep<L, V>(source, aRow, b, from, depth, memory, c + (top * cRow), cRow, count, n, ending);
            }
        }
    }

    /// <summary>C = A . B, whole chains, with B packed before.</summary>
    /// <param name="panels">The panel of C's first columns; the next ones lie <paramref name="panelFloats"/> apart.</param>
    public static void RunPacked<L, V>(
        float* memory, Matrix a, float* panels, long panelFloats, float* c, long cRow, int m, int n, int k)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width;
        float* rows = memory + Scratch.Align((long)Depth * width);
        for (int from = 0, depth; from < k; from += depth)
        {
            depth = Math.Min(Depth, k - from);
            var ending = (from == 0 ? Ending.First : 0) | (from + depth == k ? Ending.Last : 0);
            int step = RowsPerSweep(m, depth);
            for (int top = 0; top < m; top += step)
            {
                int count = Math.Min(step, m - top);
                long aRow = a.Row;
                float* source = Block(a, top, from, count, depth, n / width, rows, ref aRow);
                float* panel = panels + ((long)from * width);
                for (int left = 0; left < n; left += width, panel += panelFloats)
                    Strip<L, V>(
                        source, aRow, panel, c + (top * cRow) + left, cRow, count, Math.Min(width, n - left), depth, ending);
            }
        }
    }

    /// <summary>Equal shares of the rows, whole tiles, none over the second cache.</summary>
    private static int RowsPerSweep(int m, int depth)
    {
        int most = BlockFloats / (depth + RowGap), sweeps = (m + most - 1) / most;
        return ((((m + sweeps - 1) / sweeps) + 11) / 12) * 12;
    }

    /// <summary>
    /// Where the block of A can be read with contiguous k: in place, or as a copy if it is transposed, or if its rows lie
    /// far apart (many pages; a multiple of 2 KiB, so that they share cache sets) and enough panels will read it.
    /// </summary>
    private static float* Block(
        Matrix a, int top, int from, int count, int depth, int panels, float* copy, ref long aRow)
    {
        float* source = a.At(top, from);
        bool untidy = aRow > 2 * Depth && (panels >= ManyPanels || (panels >= SomePanels && (aRow & 511) == 0));
        if (a.Column == 1 && !untidy)
            return source;
        if (a.Column == 1)
            Panels.Copy(source, aRow, count, depth, copy, depth + RowGap, depth);
        else
            Panels.Transpose(source, a.Column, count, depth, copy, depth + RowGap, depth);
        aRow = depth + RowGap;
        return copy;
    }

    private static void Sweep<L, V>(
        float* a, long aRow, Matrix b, int from, int depth, float* panel, float* c, long cRow, int m, int n,
        Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width;
        for (int left = 0; left < n; left += width)
        {
            int columns = Math.Min(width, n - left);
            Panels.Block<L, V>(b.From(from, left), depth, columns, panel);
            Strip<L, V>(a, aRow, panel, c + left, cRow, m, columns, depth, ending);
        }
    }

    /// <summary>All rows against one panel.</summary>
    [SkipLocalsInit]
    private static void Strip<L, V>(
        float* a, long aRow, float* panel, float* c, long cRow, int m, int columns, int depth, Ending ending)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 2 * L.Width, step;
        float* edge = stackalloc float[12 * 32];
        for (int top = 0; top < m; top += step)
        {
            step = Step<L, V>(m - top);
            float* source = a + (top * aRow), target = c + (top * cRow);
            if (columns == width)
            {
                Tile<L, V>(source, aRow, panel, target, cRow, depth, ending, step);
                continue;
            }

            for (int r = 0; r < step && (ending & Ending.First) == 0; r++)
                new ReadOnlySpan<float>(target + (r * cRow), columns).CopyTo(new Span<float>(edge + (r * width), width));
            Tile<L, V>(source, aRow, panel, edge, width, depth, ending, step);
            for (int r = 0; r < step; r++)
                new ReadOnlySpan<float>(edge + (r * width), columns).CopyTo(new Span<float>(target + (r * cRow), columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Step<L, V>(int rows)
        where L : struct, ILanes<V>
        where V : struct =>
        rows >= 12 && L.Width != 8 ? 12 : rows >= 6 ? 6 : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<L, V>(
        float* a, long aRow, float* panel, float* c, long cRow, int depth, Ending ending, int rows)
        where L : struct, ILanes<V>
        where V : struct
    {
        switch (rows)
        {
            case 12: WideTile.Rows12<L, V>(a, aRow, panel, c, cRow, depth, ending); break;
            case 6: Tiles.Rows6<L, V>(a, aRow, panel, c, cRow, depth, ending); break;
            case 4: Tiles.Rows4<L, V>(a, aRow, panel, c, cRow, depth, ending); break;
            case 2: Tiles.Rows2<L, V>(a, aRow, panel, c, cRow, depth, ending); break;
            default: Tiles.Rows1<L, V>(a, aRow, panel, c, cRow, depth, ending); break;
        }
    }
}
