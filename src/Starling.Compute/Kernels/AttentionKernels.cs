using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;

namespace Starling.Compute.Kernels;

/// <summary>
/// Causal attention, its log-sum and its gradients in one walk: per key head of a sequence its keys and values are packed
/// once; per query head of its group blocks of query rows make scores, weights and whatever is wanted of them.
/// </summary>
internal static unsafe class AttentionKernels
{
    /// <summary>Longer heads would need scores in several blocks of k.</summary>
    private const int MostHeadSize = 256;

    /// <summary>
    /// False where only the scalar reference keeps the rule. The gradients by k and v begin each key's chain with zeros for
    /// the rows that do not see it, which leave +0 alone if positions ascend and q and dy are finite.
    /// </summary>
    public static bool Fits<L, V>(in AttentionCall call)
        where L : struct, ILanes<V>
        where V : struct =>
        call.Operator.HeadSize <= MostHeadSize && (!(call.WantsDk || call.WantsDv) || Ascends<L, V>(call));

    /// <summary>Runs units [from, to) of <see cref="AttentionCall.Units"/>; no two units write to the same place.</summary>
    public static void Run<L, V>(Scratch scratch, in AttentionCall call, int from, int to)
        where L : struct, ILanes<V>
        where V : struct
    {
        if (DecodeAttention.Fits(call))
        {
            for (int unit = from; unit < to; unit++)
                DecodeAttention.Unit<L, V>(scratch, call, unit / call.Operator.KeyHeads, unit % call.Operator.KeyHeads);
            return;
        }

        var memory = AttentionMemory.Create(scratch, call, 2 * L.Width);
        for (int unit = from; unit < to; unit++)
            Unit<L, V>(call, memory, unit / call.Operator.KeyHeads, unit % call.Operator.KeyHeads);
    }

    private static bool Ascends<L, V>(in AttentionCall call)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (int r = 0; r < call.Q.Rows; r++)
            if (call.Positions.Data[r] != r % call.Operator.QueryRows)
                return false;
        return Rows.Finite<L, V>(call.Q.Data, call.Q.Shape.Elements) && Rows.Finite<L, V>(call.Dy.Data, call.Dy.Shape.Elements);
    }

    private static void Unit<L, V>(in AttentionCall call, in AttentionMemory memory, int sequence, int keyHead)
        where L : struct, ILanes<V>
        where V : struct
    {
        var g = new AttentionGeometry(call.Operator);
        int first = sequence * g.QueryRows, most = 0;
        for (int r = 0; r < g.QueryRows; r++)
            most = Math.Max(most, Positions.Read(call.Positions.Data[first + r], g.KeyRows) + 1);
        Pack<L, V>(call, memory, sequence * g.KeyRows, keyHead, most);
        for (int head = keyHead * g.Group; head < (keyHead + 1) * g.Group; head++)
        {
            for (int top = 0, rows; top < g.QueryRows; top += rows)
            {
                // A block of rows never straddles a block of the chains over rows.
                rows = Math.Min(Math.Min(memory.Rows, g.QueryRows - top), ChainRows.Depth - (top % ChainRows.Depth));
                Block<L, V>(call, new AttentionBlock(memory, g, head, first, top, rows, call.Positions));
            }

            if (call.WantsDk)
                AttentionGrads.Gather<L, V>(memory.KeyGrads.Totals, memory.Size, call.Dk, g, sequence, head, g.Scale);
            if (call.WantsDv)
                AttentionGrads.Gather<L, V>(memory.ValueGrads.Totals, memory.Size, call.Dv, g, sequence, head, 1f);
        }
    }

    private static void Block<L, V>(in AttentionCall call, in AttentionBlock block)
        where L : struct, ILanes<V>
        where V : struct
    {
        block.Load(call.Q, block.Memory.Queries);
        block.Score<L, V>(block.Memory.Queries, block.Memory.KeyPanels, block.Memory.Scores);
        if (call.WantsY)
            AttentionForward.Mix<L, V>(call, block);
        if (call.WantsLogSum)
            AttentionForward.LogSum<L, V>(call, block);
        if (call.IsGradient)
            AttentionGrads.Block<L, V>(call, block);
    }

    private static void Pack<L, V>(in AttentionCall call, in AttentionMemory memory, int firstKey, int keyHead, int most)
        where L : struct, ILanes<V>
        where V : struct
    {
        int size = call.Operator.HeadSize;
        float* keys = call.K.Data + ((long)firstKey * call.K.Columns) + ((long)keyHead * size);
        float* values = call.V.Data + ((long)firstKey * call.V.Columns) + ((long)keyHead * size);
        Across(keys, call.K.Columns, size, most, memory.Panel, memory.KeyPanels);
        if (call.WantsSlopes)
            Across(values, call.V.Columns, size, most, memory.Panel, memory.ValuePanels);
        if (call.WantsY || call.WantsDq)
            Panels.Copy(call.WantsY ? values : keys, call.WantsY ? call.V.Columns : call.K.Columns, most, size,
                memory.Mixed, memory.Size, memory.Size);
    }

    private static void Across(float* source, long row, int size, int most, int panel, float* target)
    {
        for (int key = 0; key < most; key += panel, target += (long)panel * size)
            Panels.Transpose(source + (key * row), row, size, Math.Min(panel, most - key), target, panel, panel);
    }
}
