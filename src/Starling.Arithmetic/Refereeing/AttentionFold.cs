using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// What attention's chunks share: the query heads that the columns touch, in groups that are done one after the other, and
/// scores.
/// </summary>
internal abstract class AttentionFold<L>(Operator op, Region at) : ChunkFold<L>
    where L : struct, ILanes<float>
{
    protected Operator Op { get; } = op;

    protected AttentionGeometry Geometry { get; } = new(op);

    protected Region At { get; } = at;

    /// <summary>First query head that the chunk touches.</summary>
    protected abstract int FirstHead { get; }

    protected abstract int LastHead { get; }

    /// <summary>Most query heads of a group.</summary>
    protected abstract int HeadsPerGroup { get; }

    protected int Groups => Ceiling(LastHead - FirstHead + 1, HeadsPerGroup);

    protected static float Scale(Operator op) =>
        op.Factor != 0f ? op.Factor : L.Divide(1f, L.Sqrt(Whole(op.HeadSize)));

    protected (int First, int Last) Heads(int group)
    {
        int first = FirstHead + (group * HeadsPerGroup);
        return (first, Math.Min(LastHead, first + HeadsPerGroup - 1));
    }

    /// <summary>The columns of some query heads in q, dy and the like.</summary>
    protected Region QueryColumns(int row, (int First, int Last) heads) =>
        new(row, 1, heads.First * Op.HeadSize, (heads.Last - heads.First + 1) * Op.HeadSize);

    /// <summary>The columns of the key heads that some query heads share.</summary>
    protected Region KeyColumns(int row, int rows, (int First, int Last) heads)
    {
        int first = heads.First / Geometry.Group, last = heads.Last / Geometry.Group;
        return new(row, rows, first * Op.HeadSize, (last - first + 1) * Op.HeadSize);
    }

    protected int MostBlocks(Func<(int First, int Last), Region> columns)
    {
        int most = 1;
        for (int group = 0; group < Groups; group++)
        {
            Region region = columns(Heads(group));
            most = Math.Max(most, OpenedOperands.Blocks(region.Column, region.Columns));
        }

        return most;
    }

    /// <summary>The chain over a head of a query row with a key row, unscaled.</summary>
    protected float Score(OpenedOperands operands, int query, int row, int key, int keyRow, int head)
    {
        int a = head * Op.HeadSize, b = head / Geometry.Group * Op.HeadSize;
        float total = 0f;
        for (int start = 0; start < Op.HeadSize; start += ChainBlock)
        {
            float sum = 0f;
            for (int i = start; i < Math.Min(Op.HeadSize, start + ChainBlock); i++)
                sum = L.Fma(operands[query, row, a + i], operands[key, keyRow, b + i], sum);
            total = start == 0 ? sum : L.Add(total, sum);
        }

        return total;
    }

    /// <summary>exp of a scaled score less the row's logarithm of the sum.</summary>
    protected float Probability(OpenedOperands operands, int logSum, int row, int keyRow, int head) =>
        Exp(L.Fma(Score(operands, 0, row, 1, keyRow, head), Scale(Op), Negate(operands[logSum, row, head])));

    /// <summary>The gradient by a score; operands q, k, v, positions, dy, logsum, rowdot.</summary>
    protected float Slope(OpenedOperands operands, int row, int keyRow, int head)
    {
        float p = Probability(operands, 5, row, keyRow, head), dp = Score(operands, 4, row, 2, keyRow, head);
        return L.Multiply(p, L.Subtract(dp, operands[6, row, head]));
    }

    protected static float Canonical(float x) => Functions.Canonical<L, float>(x);
}
