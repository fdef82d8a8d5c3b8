using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>A chunk whose every number is one sum by chain.</summary>
internal abstract class ChainFold<L>(Region at) : ChunkFold<L>
    where L : struct, ILanes<float>
{
    protected Region At { get; } = at;

    public override int StateLength => At.Columns * Chains<L>.NumbersPerChain;

    public override float[] Next(int part, ReadOnlySpan<float> before, OpenedOperands operands)
    {
        float[] after = before.ToArray();
        var chains = new Chains<L>(after);
        Add(part, chains, operands);
        if (part < Parts - 1)
            return after;
        var chunk = new float[At.Columns];
        for (int c = 0; c < chunk.Length; c++)
            chunk[c] = Functions.Canonical<L, float>(chains.Total(c));
        return chunk;
    }

    /// <summary>Adds a part's terms, and closes each block that it ends.</summary>
    protected abstract void Add(int part, Chains<L> chains, OpenedOperands operands);

    protected static bool EndsBlock(int term, int terms) => term % ChainBlock == ChainBlock - 1 || term == terms - 1;
}

/// <summary>
/// Product: where rows of b are terms, a part takes 64 terms of all columns; where they are columns of the output, 64 columns
/// over one block of 256 terms.
/// </summary>
internal sealed class ProductFold<L>(Operator op, Shape[] shapes, Region at) : ChainFold<L>(at)
    where L : struct, ILanes<float>
{
    private readonly int terms = op.TransposeLeft ? shapes[0].Rows : shapes[0].Columns;
    private readonly int groups = op.TransposeRight ? Ceiling(at.Columns, TermsPerPart) : 1;

    public override int Parts => Ceiling(terms, Step) * groups;

    private int Step => op.TransposeRight ? ChainBlock : TermsPerPart;

    protected override void Add(int part, Chains<L> chains, OpenedOperands operands)
    {
        int from = part / groups * Step, count = Math.Min(Step, terms - from);
        int column = part % groups * TermsPerPart, columns = op.TransposeRight ? Math.Min(TermsPerPart, At.Columns - column) : At.Columns;
        operands.Open(0, op.TransposeLeft ? new Region(from, count, At.Row, 1) : new Region(At.Row, 1, from, count));
        operands.Open(1, op.TransposeRight
            ? new Region(At.Column + column, columns, from, count)
            : new Region(from, count, At.Column, columns));
        for (int t = from; t < from + count; t++)
        {
            float a = op.TransposeLeft ? operands[0, t, At.Row] : operands[0, At.Row, t];
            for (int c = column; c < column + columns; c++)
                chains.Add(c, a, op.TransposeRight ? operands[1, At.Column + c, t] : operands[1, t, At.Column + c]);
            if (EndsBlock(t, terms))
                chains.CloseBlock(column, columns);
        }
    }
}

/// <summary>ColumnSum: 64 rows in a part.</summary>
internal sealed class ColumnSumFold<L>(Shape[] shapes, Region at) : ChainFold<L>(at)
    where L : struct, ILanes<float>
{
    public override int Parts => Ceiling(shapes[0].Rows, TermsPerPart);

    protected override void Add(int part, Chains<L> chains, OpenedOperands operands)
    {
        int from = part * TermsPerPart, count = Math.Min(TermsPerPart, shapes[0].Rows - from);
        operands.Open(0, new Region(from, count, At.Column, At.Columns));
        for (int t = from; t < from + count; t++)
        {
            for (int c = 0; c < At.Columns; c++)
                chains.Add(c, operands[0, t, At.Column + c], 1f);
            if (EndsBlock(t, shapes[0].Rows))
                chains.CloseBlock(0, At.Columns);
        }
    }
}

/// <summary>RowDot: 64 chunks of both rows in a part.</summary>
internal sealed class RowDotFold<L>(Operator op, Region at) : ChainFold<L>(at)
    where L : struct, ILanes<float>
{
    private const int Columns = 64 * Referee.ChunkColumns;

    private readonly int first = at.Column * op.GroupColumns;
    private readonly int end = (at.Column + at.Columns) * op.GroupColumns;

    public override int Parts => Ceiling(end - first, Columns);

    protected override void Add(int part, Chains<L> chains, OpenedOperands operands)
    {
        int from = first + (part * Columns), to = Math.Min(end, from + Columns);
        operands.Open(0, new Region(At.Row, 1, from, to - from));
        operands.Open(1, new Region(At.Row, 1, from, to - from));
        for (int j = from; j < to; j++)
        {
            int group = (j - first) / op.GroupColumns;
            chains.Add(group, operands[0, At.Row, j], operands[1, At.Row, j]);
            if (EndsBlock((j - first) % op.GroupColumns, op.GroupColumns))
                chains.CloseBlock(group, 1);
        }
    }
}

/// <summary>EmbeddingGrad: the ids of 128 positions in a part, and the rows of those that have this one.</summary>
internal sealed class EmbeddingGradFold<L>(Operator op, Shape[] shapes, Region at) : ChainFold<L>(at)
    where L : struct, ILanes<float>
{
    private const int Positions = 128;

    public override int Parts => Ceiling(shapes[1].Rows, Positions);

    protected override void Add(int part, Chains<L> chains, OpenedOperands operands)
    {
        int from = part * Positions, to = Math.Min(shapes[1].Rows, from + Positions);
        operands.OpenVector(0, from, to - from);
        int[] mine = [.. Enumerable.Range(from, to - from).Where(t => Reference.Positions.Read(operands.At(0, t), op.Rows) == At.Row)];
        operands.Open(1, mine.Select(t => new Region(t, 1, At.Column, At.Columns)));
        foreach (int t in mine)
            for (int c = 0; c < At.Columns; c++)
            {
                chains.Add(c, 1f, operands[1, t, At.Column + c]);
            }

        if (EndsBlock(to - 1, shapes[1].Rows))
            chains.CloseBlock(0, At.Columns);
    }
}
