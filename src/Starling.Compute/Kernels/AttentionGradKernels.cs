using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>
/// Gradients of attention by k and v. Keys are taken 128 at a time (a block never straddles a block of 256 query rows);
/// the pairs that do not attend are leading zeros of each key's chain, which leave its accumulator at +0. That holds for
/// ascending positions and finite operands; <see cref="Fits"/> sends everything else to the scalar reference.
/// </summary>
internal static unsafe class AttentionGradKernels
{
    private const int KeyBlock = 128;
    private const int Depth = 256;

    /// <summary>True where position i of each sequence is i and every query and output gradient is finite.</summary>
    public static bool Fits<L, V>(Operator op, TensorView positions, TensorView q, TensorView dy)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (int r = 0; r < q.Rows; r++)
            if (positions.Data[r] != r % op.QueryRows)
                return false;
        return Rows.Finite<L, V>(q.Data, q.Shape.Elements) && Rows.Finite<L, V>(dy.Data, dy.Shape.Elements);
    }

    public static void Key<L, V>(Scratch scratch, Operator op, ReadOnlySpan<TensorView> x, TensorView dk)
        where L : struct, ILanes<V>
        where V : struct
    {
        var slopes = new Slopes(x[0], x[1], x[2], x[4], x[5], x[6], Memory<L, V>(scratch, op));
        Each<L, V>(op, slopes, x[0], true, dk);
        Map.Run<L, V, ScaleMap>(new(dk.Data, new AttentionGeometry(op).Scale), dk.Data, dk.Shape.Elements);
    }

    public static void Value<L, V>(Scratch scratch, Operator op, ReadOnlySpan<TensorView> x, TensorView dv)
        where L : struct, ILanes<V>
        where V : struct
    {
        var slopes = new Slopes(x[0], x[1], default, x[3], x[4], default, Memory<L, V>(scratch, op));
        Each<L, V>(op, slopes, x[3], false, dv);
        Map.Run<L, V, CopyMap>(new(dv.Data), dv.Data, dv.Shape.Elements);
    }

    /// <summary>Operands and working memory of one gradient: a product's, two of scores, one of a later head's total.</summary>
    private readonly struct Slopes(
        TensorView q, TensorView k, TensorView v, TensorView dy, TensorView logSum, TensorView rowDot, nint memory)
    {
        public TensorView Q { get; } = q;

        public TensorView K { get; } = k;

        public TensorView V { get; } = v;

        public TensorView Dy { get; } = dy;

        public TensorView LogSum { get; } = logSum;

        public TensorView RowDot { get; } = rowDot;

        public float* Product { get; } = (float*)memory;
    }

    private static nint Memory<L, V>(Scratch scratch, Operator op)
        where L : struct, ILanes<V>
        where V : struct =>
        (nint)scratch.Floats(ProductFloats<L, V>() + (2L * op.QueryRows * KeyBlock) + ((long)KeyBlock * op.HeadSize));

    private static long ProductFloats<L, V>()
        where L : struct, ILanes<V>
        where V : struct => Scratch.Align(Gemm.ScratchFloats(L.Width));

    private static void Each<L, V>(Operator op, in Slopes s, TensorView source, bool byKey, TensorView target)
        where L : struct, ILanes<V>
        where V : struct
    {
        var g = new AttentionGeometry(op);
        float* scores = s.Product + ProductFloats<L, V>(), other = scores + ((long)op.QueryRows * KeyBlock);
        float* part = other + ((long)op.QueryRows * KeyBlock);
        for (int first = 0; first < source.Rows; first += g.QueryRows)
            for (int head = 0; head < g.Heads; head++)
                for (int key = 0; key < g.KeyRows; key += KeyBlock)
                {
                    int keys = Math.Min(KeyBlock, g.KeyRows - key), rows = g.QueryRows - key;
                    Weights<L, V>(g, s, first + key, head, keys, rows, scores, byKey ? other : null);
                    float* y = target.Data + ((long)(first + key) * target.Columns) + (head / g.Group * g.HeadSize);
                    bool adds = head % g.Group != 0;
                    Gemm.Run<L, V>(s.Product, new Matrix(byKey ? other : scores, 1, KeyBlock),
                        new Matrix(source.Data + ((long)(first + key) * source.Columns) + (head * g.HeadSize), source.Columns, 1),
                        adds ? part : y, adds ? g.HeadSize : target.Columns, keys, g.HeadSize, rows, key % Depth, Ending.None);
                    for (int r = 0; adds && r < keys; r++)
                        Map.Run<L, V, AddMap>(
                            new(y + ((long)r * target.Columns), part + ((long)r * g.HeadSize)), y + ((long)r * target.Columns), g.HeadSize);
                }
    }

    /// <summary>
    /// Probabilities of query rows from <paramref name="row"/> on against keys from <paramref name="row"/> on, zero above the
    /// diagonal; where <paramref name="slopes"/> is given, the gradients of the scores too.
    /// </summary>
    private static void Weights<L, V>(
        in AttentionGeometry g, in Slopes s, int row, int head, int keys, int rows, float* scores, float* slopes)
        where L : struct, ILanes<V>
        where V : struct
    {
        Score<L, V>(g, s, s.Q, s.K, row, head, keys, rows, scores);
        if (slopes != null)
            Score<L, V>(g, s, s.Dy, s.V, row, head, keys, rows, slopes);
        for (int i = 0; i < rows; i++)
        {
            int seen = Math.Min(keys, i + 1), filled = (seen + 15) & ~15;
            long at = ((long)(row + i) * s.LogSum.Columns) + head;
            float* p = scores + ((long)i * KeyBlock), target = p;
            Map.Run<L, V, ProbabilityMap>(new(p, g.Scale, s.LogSum.Data[at]), p, filled);
            if (slopes != null)
            {
                target = slopes + ((long)i * KeyBlock);
                Map.Run<L, V, SlopeMap>(new(p, target, s.RowDot.Data[at]), target, filled);
            }

            new Span<float>(target + seen, keys - seen).Clear();
        }
    }

    private static void Score<L, V>(
        in AttentionGeometry g, in Slopes s, TensorView queries, TensorView keyed, int row, int head, int keys, int rows,
        float* target)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* a = queries.Data + ((long)row * queries.Columns) + (head * g.HeadSize);
        float* b = keyed.Data + ((long)row * keyed.Columns) + (head / g.Group * g.HeadSize);
        Gemm.Run<L, V>(s.Product, new Matrix(a, queries.Columns, 1), new Matrix(b, 1, keyed.Columns),
            target, KeyBlock, rows, keys, g.HeadSize, 0, Ending.None);
    }
}
