using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>Causal attention, its log-sum and its gradient by q: a score product, a pass per row, a mix product.</summary>
internal static unsafe class AttentionKernels
{
    public static void Forward<L, V>(
        Scratch scratch, Operator op, TensorView q, TensorView k, TensorView v, TensorView positions, TensorView y)
        where L : struct, ILanes<V>
        where V : struct =>
        AttentionBlocks.Each<L, V, ForwardStep>(scratch, op, q, positions, new(q, k, v, y));

    public static void LogSum<L, V>(
        Scratch scratch, Operator op, TensorView q, TensorView k, TensorView positions, TensorView y)
        where L : struct, ILanes<V>
        where V : struct =>
        AttentionBlocks.Each<L, V, LogSumStep>(scratch, op, q, positions, new(q, k, y));

    public static void GradQuery<L, V>(Scratch scratch, Operator op, ReadOnlySpan<TensorView> x, TensorView dq)
        where L : struct, ILanes<V>
        where V : struct =>
        AttentionBlocks.Each<L, V, GradQueryStep>(
            scratch, op, x[0], x[3], new(x[0], x[1], x[2], x[4], x[5], x[6], dq));

    private readonly struct ForwardStep(TensorView q, TensorView k, TensorView v, TensorView y) : IBlockStep
    {
        public void Run<L, V>(in AttentionBlock block)
            where L : struct, ILanes<V>
            where V : struct
        {
            float* inverse = stackalloc float[AttentionBlock.MaxRows];
            AttentionBlocks.Score<L, V>(block, q, k, block.Scores);
            for (int r = 0; r < block.Rows; r++)
                inverse[r] = 1f / Weights<L, V>(block, r, out _);
            AttentionBlocks.Mix<L, V>(block, block.Scores, v);
            for (int r = 0; r < block.Rows; r++)
                Finish<L, V>(block, r, inverse[r], y);
        }
    }

    private readonly struct LogSumStep(TensorView q, TensorView k, TensorView y) : IBlockStep
    {
        public void Run<L, V>(in AttentionBlock block)
            where L : struct, ILanes<V>
            where V : struct
        {
            AttentionBlocks.Score<L, V>(block, q, k, block.Scores);
            for (int r = 0; r < block.Rows; r++)
            {
                float sum = Weights<L, V>(block, r, out float max);
                y.Data[((long)(block.Top + r) * y.Columns) + block.Head] =
                    Functions.Canonical(block.Keys[r] == 0 ? float.NaN : max + Functions.Log(sum));
            }
        }
    }

    private readonly struct GradQueryStep(
        TensorView q, TensorView k, TensorView v, TensorView dy, TensorView logSum, TensorView rowDot, TensorView dq)
        : IBlockStep
    {
        public void Run<L, V>(in AttentionBlock block)
            where L : struct, ILanes<V>
            where V : struct
        {
            AttentionBlocks.Score<L, V>(block, q, k, block.Scores);
            AttentionBlocks.Score<L, V>(block, dy, v, block.Slopes);
            for (int r = 0; r < block.Rows; r++)
            {
                float* p = block.Scores + (r * block.ScoreRow), slopes = block.Slopes + (r * block.ScoreRow);
                long at = ((long)(block.Top + r) * logSum.Columns) + block.Head;
                int filled = (block.Keys[r] + 15) & ~15;
                Map.Run<L, V, ProbabilityMap>(new(p, block.Geometry.Scale, logSum.Data[at]), p, filled);
                Map.Run<L, V, SlopeMap>(new(p, slopes, rowDot.Data[at]), slopes, filled);
            }

            AttentionBlocks.Mix<L, V>(block, block.Slopes, k);
            for (int r = 0; r < block.Rows; r++)
                Finish<L, V>(block, r, block.Geometry.Scale, dq);
        }
    }

    /// <summary>
    /// Turns a row of scores into exp(score * scale - max) and returns their sum. The row is filled up to whole lanes with
    /// -inf, which no maximum notices and whose exponential, +0, changes no lane: lanes start at +0 and sums never give -0.
    /// </summary>
    private static float Weights<L, V>(in AttentionBlock block, int r, out float max)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* row = block.Scores + (r * block.ScoreRow);
        int keys = block.Keys[r], filled = (keys + 31) & ~31;
        Map.Within<L, V, ScaleMap>(new(row, block.Geometry.Scale), row, filled);
        new Span<float>(row + keys, filled - keys).Fill(float.NegativeInfinity);
        max = RowSums.Max<L, V>(row, filled);
        Map.Within<L, V, ExpShiftedMap>(new(row, max), row, filled);
        return RowSums.BlockedSum<L, V>(row, filled);
    }

    private static void Finish<L, V>(in AttentionBlock block, int r, float factor, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        int size = block.Geometry.HeadSize;
        float* target = block.Query(y) + ((long)r * y.Columns);
        if (block.Keys[r] == 0)
            Map.Run<L, V, FillMap>(new(float.NaN), target, size);
        else
            Map.Run<L, V, ScaleMap>(new(block.Total + ((long)r * size), factor), target, size);
    }
}
