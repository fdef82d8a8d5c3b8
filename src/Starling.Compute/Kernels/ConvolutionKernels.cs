using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>Convolutions as products with blocks of the matrix of windows, written to working memory row by row.</summary>
internal static unsafe class ConvolutionKernels
{
    private const int Depth = 256;

    /// <summary>Floats of a block of windows: they stay in the second cache.</summary>
    private const int BlockFloats = 64 * 1024;

    public static void Forward<L, V>(Scratch scratch, Operator op, TensorView x, TensorView w, TensorView y)
        where L : struct, ILanes<V>
        where V : struct =>
        Rows<L, V>(scratch, new Windows(op, x, forward: true), new Matrix(w.Data, 1, w.Columns), w.Columns, 0, y);

    /// <summary>The weights are turned first: rows of (tap, filter), so that one product covers all taps.</summary>
    public static void GradInput<L, V>(Scratch scratch, Operator op, TensorView dy, TensorView w, TensorView dx)
        where L : struct, ILanes<V>
        where V : struct
    {
        var windows = new Windows(op, dy, forward: false);
        int depth = windows.Taps * dy.Columns, channels = dx.Columns;
        long turned = Scratch.Align((long)depth * channels);
        // One call of the scratch memory: what the product needs lies before the weights.
        float* weights = scratch.Floats(RowFloats<L, V>(depth, out _) + turned) + RowFloats<L, V>(depth, out _);
        for (int tap = 0; tap < windows.Taps; tap++)
            for (int filter = 0; filter < dy.Columns; filter++)
                Copy(w.Data + ((long)filter * w.Columns) + ((long)tap * channels), channels,
                    weights + (((long)tap * dy.Columns) + filter) * channels);
        Rows<L, V>(scratch, windows, new Matrix(weights, channels, 1), depth, turned, dx);
    }

    /// <summary>Per block of 256 output pixels dy across times windows; the blocks' sums are added in order.</summary>
    public static void GradWeight<L, V>(Scratch scratch, Operator op, TensorView x, TensorView dy, TensorView dw)
        where L : struct, ILanes<V>
        where V : struct
    {
        var windows = new Windows(op, x, forward: true);
        int depth = dw.Columns;
        long product = Scratch.Align(Gemm.ScratchFloats(L.Width)), block = Scratch.Align((long)Depth * depth);
        float* memory = scratch.Floats(product + block + dw.Shape.Elements), filled = memory + product, part = filled + block;
        for (int from = 0; from < dy.Rows; from += Depth)
        {
            int rows = Math.Min(Depth, dy.Rows - from);
            windows.Fill(from, rows, filled);
            Gemm.Run<L, V>(memory, new Matrix(dy.Data + ((long)from * dy.Columns), 1, dy.Columns), new Matrix(filled, depth, 1),
                from == 0 ? dw.Data : part, depth, dw.Rows, depth, rows, 0, Ending.None);
            if (from > 0)
                Map.Within<L, V, AddMap>(new(dw.Data, part), dw.Data, dw.Shape.Elements);
        }

        Map.Run<L, V, CopyMap>(new(dw.Data), dw.Data, dw.Shape.Elements);
    }

    /// <param name="kept">Floats of working memory after the product's that are in use.</param>
    private static void Rows<L, V>(Scratch scratch, in Windows windows, Matrix weights, int depth, long kept, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        long floats = RowFloats<L, V>(depth, out int most);
        float* memory = scratch.Floats(floats + kept), block = memory + Scratch.Align(Gemm.ScratchFloats(L.Width));
        for (int top = 0; top < y.Rows; top += most)
        {
            int rows = Math.Min(most, y.Rows - top);
            windows.Fill(top, rows, block);
            Gemm.Run<L, V>(memory, new Matrix(block, depth, 1), weights, y.Data + ((long)top * y.Columns), y.Columns,
                rows, y.Columns, depth, 0, Ending.Last);
        }
    }

    private static long RowFloats<L, V>(int depth, out int rows)
        where L : struct, ILanes<V>
        where V : struct
    {
        rows = Math.Max(12, BlockFloats / depth / 12 * 12);
        return Scratch.Align(Gemm.ScratchFloats(L.Width)) + Scratch.Align((long)rows * depth);
    }

    private static void Copy(float* source, int count, float* target) =>
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));

    /// <summary>The matrix of windows: a row per pixel of the result, per tap the source's row that it reads or zeros.</summary>
    private readonly struct Windows(Operator op, TensorView source, bool forward)
    {
        private readonly ConvolutionGeometry g = new(op);

        public int Taps => g.Taps;

        public void Fill(int top, int rows, float* target)
        {
            int columns = source.Columns;
            for (int r = top; r < top + rows; r++)
                for (int tap = 0; tap < g.Taps; tap++, target += columns)
                {
                    long row = forward ? g.InputRow(r, tap) : g.OutputRow(r, tap);
                    if (row < 0)
                        new Span<float>(target, columns).Clear();
                    else
                        Copy(source.Data + (row * columns), columns, target);
                }
        }
    }
}
