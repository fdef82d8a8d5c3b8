using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>What attention makes of a block's scores.</summary>
internal static unsafe class AttentionForward
{
    public static void Mix<L, V>(in AttentionCall call, in AttentionBlock block)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* inverse = stackalloc float[ChainTiles.Rows];
        int size = block.Geometry.HeadSize;
        for (int top = 0; top < block.Rows; top += ChainTiles.Rows)
        {
            int rows = Math.Min(ChainTiles.Rows, block.Rows - top);
            for (int r = 0; r < rows; r++)
            {
                float* row = block.Memory.Scores + ((top + r) * block.Memory.ScoreRow);
                inverse[r] = 1f / Weights<L, V>(row, block.Geometry.Scale, row, block.Keys(top + r), out _);
            }

            block.Mix<L, V>(block.Memory.Scores, top);
            for (int r = 0; r < rows; r++)
                Finish<L, V>(block, block.Memory.Total + (r * block.Memory.Size), inverse[r], block.Of(call.Y, top + r), top + r);
        }
    }

    /// <summary>Leaves the scores as they are.</summary>
    public static void LogSum<L, V>(in AttentionCall call, in AttentionBlock block)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (int r = 0; r < block.Rows; r++)
        {
            float* row = block.Memory.Scores + (r * block.Memory.ScoreRow);
            float sum = Weights<L, V>(row, block.Geometry.Scale, block.Memory.Row, block.Keys(r), out float max);
            block.PerHead(call.LogSum, r) = Functions.Canonical(block.Keys(r) == 0 ? float.NaN : max + Functions.Log(sum));
        }
    }

    /// <summary>A row of the output: total * factor, NaN at a bad position.</summary>
    public static void Finish<L, V>(in AttentionBlock block, float* total, float factor, float* target, int row)
        where L : struct, ILanes<V>
        where V : struct
    {
        int size = block.Geometry.HeadSize;
        if (block.Keys(row) == 0)
            Map.Run<L, V, FillMap>(new(float.NaN), target, size);
        else
            Map.Run<L, V, ScaleMap>(new(total, factor), target, size);
    }

    /// <summary>
    /// weights = exp(score * scale - max); returns their sum. The row is filled up to whole lanes with -inf, which no maximum
    /// notices and whose exponential, +0, changes no lane: lanes start at +0 and sums never give -0.
    /// </summary>
    public static float Weights<L, V>(float* scores, float scale, float* weights, int keys, out float max)
        where L : struct, ILanes<V>
        where V : struct
    {
        int filled = (keys + 31) & ~31;
        Map.Within<L, V, ScaleMap>(new(scores, scale), weights, filled);
        new Span<float>(weights + keys, filled - keys).Fill(float.NegativeInfinity);
        max = RowSums.Max<L, V>(weights, filled);
        Map.Within<L, V, ExpShiftedMap>(new(weights, max), weights, filled);
        return RowSums.BlockedSum<L, V>(weights, filled);
    }
}
