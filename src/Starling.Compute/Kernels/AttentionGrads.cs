using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>What the gradients make of a block's scores: probabilities, gradients of the scores, and sums of both.</summary>
internal static unsafe class AttentionGrads
{
    public static void Block<L, V>(in AttentionCall call, in AttentionBlock block)
        where L : struct, ILanes<V>
        where V : struct
    {
        block.Load(call.Dy, block.Memory.OutputGrads);
        if (call.WantsSlopes)
            block.Score<L, V>(block.Memory.OutputGrads, block.Memory.ValuePanels, block.Memory.Slopes);
        for (int r = 0; r < block.Rows; r++)
            Slopes<L, V>(call, block, r);
        if (call.WantsDq)
            for (int top = 0; top < block.Rows; top += ChainTiles.Rows)
                Query<L, V>(call, block, top);
        if (call.WantsDk)
            Chain<L, V>(block, block.Memory.KeyGrads, block.Memory.Slopes, block.Memory.Queries);
        if (call.WantsDv)
            Chain<L, V>(block, block.Memory.ValueGrads, block.Memory.Scores, block.Memory.OutputGrads);
    }

    /// <summary>
    /// Adds one head's totals to the gradient of its key head: the first head of a group sets it, the last one's sum is
    /// multiplied by <paramref name="factor"/>.
    /// </summary>
    public static void Gather<L, V>(
        float* totals, int totalRow, TensorView target, in AttentionGeometry g, int sequence, int head, float factor)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* y = target.Data + ((long)sequence * g.KeyRows * target.Columns) + ((long)(head / g.Group) * g.HeadSize);
        for (int key = 0; key < g.KeyRows; key++, totals += totalRow, y += target.Columns)
        {
            if (head % g.Group == 0)
                Map.Within<L, V, CopyMap>(new(totals), y, g.HeadSize);
            else
                Map.Within<L, V, AddMap>(new(y, totals), y, g.HeadSize);
            if (head % g.Group == g.Group - 1)
                Map.Run<L, V, ScaleMap>(new(y, factor), y, g.HeadSize);
        }
    }

    /// <summary>A row's scores become probabilities, its products with values gradients of scores; both end in zeros.</summary>
    private static void Slopes<L, V>(in AttentionCall call, in AttentionBlock block, int r)
        where L : struct, ILanes<V>
        where V : struct
    {
        int keys = block.Keys(r), filled = (keys + 15) & ~15, end = EndOfTiles(block.MostKeys);
        float* p = block.Memory.Scores + (r * block.Memory.ScoreRow), slopes = block.Memory.Slopes + (r * block.Memory.ScoreRow);
        Map.Within<L, V, ProbabilityMap>(new(p, block.Geometry.Scale, block.PerHead(call.LogSum, r)), p, filled);
        if (call.WantsSlopes)
        {
            Map.Within<L, V, SlopeMap>(new(p, slopes, block.PerHead(call.RowDot, r)), slopes, filled);
            new Span<float>(slopes + keys, end - keys).Clear();
        }

        new Span<float>(p + keys, end - keys).Clear();
    }

    private static void Query<L, V>(in AttentionCall call, in AttentionBlock block, int top)
        where L : struct, ILanes<V>
        where V : struct
    {
        block.Mix<L, V>(block.Memory.Slopes, top);
        for (int r = 0; r < Math.Min(ChainTiles.Rows, block.Rows - top); r++)
            AttentionForward.Finish<L, V>(
                block, block.Memory.Total + (r * block.Memory.Size), block.Geometry.Scale, block.Of(call.Dq, top + r), top + r);
    }

    /// <summary>
    /// The keys' chains over query rows go on through this block. Six keys at a time; the rows above all of them are left
    /// out, the zeros of the rest leave a chain that has not begun at +0.
    /// </summary>
    private static void Chain<L, V>(in AttentionBlock block, ChainRows chains, float* weights, float* rows)
        where L : struct, ILanes<V>
        where V : struct
    {
        int size = block.Memory.Size, from = block.Top / ChainRows.Depth * ChainRows.Depth;
        int last = Math.Min(from + ChainRows.Depth, block.Geometry.KeyRows);
        if (block.Top == from)
            chains.Start(EndOfTiles(last), size);
        for (int key = 0; key < block.MostKeys; key += ChainTiles.Rows)
        {
            int skip = Math.Max(0, key - block.Top);
            for (int column = 0; column < size; column += block.Memory.Panel)
                ChainTiles.Continue<L, V>(
                    weights + (skip * block.Memory.ScoreRow) + key, block.Memory.ScoreRow, rows + ((long)skip * size) + column, size,
                    chains.Open + ((long)key * size) + column, size, block.Rows - skip);
        }

        if (block.Top + block.Rows == last)
            chains.End<L, V>(from, last, size);
    }

    private static int EndOfTiles(int keys) => (keys + ChainTiles.Rows - 1) / ChainTiles.Rows * ChainTiles.Rows;
}
