using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;
using Starling.Arithmetic.Soft;

namespace Starling.Arithmetic.Refereeing;

/// <summary>A chunk that is computed in one part.</summary>
internal abstract class SmallFold<L>(Region at) : ChunkFold<L>
    where L : struct, ILanes<float>
{
    public override int Parts => 1;

    public override int StateLength => 0;

    protected Region At { get; } = at;

    public override float[] Next(int part, ReadOnlySpan<float> before, OpenedOperands operands)
    {
        Open(operands);
        var chunk = new float[At.Columns];
        for (int c = 0; c < chunk.Length; c++)
            chunk[c] = Functions.Canonical<L, float>(Number(At.Column + c, operands));
        return chunk;
    }

    protected abstract void Open(OpenedOperands operands);

    protected abstract float Number(int column, OpenedOperands operands);
}

/// <summary>AddRow.</summary>
internal sealed class AddRowFold<L>(Region at) : SmallFold<L>(at)
    where L : struct, ILanes<float>
{
    protected override void Open(OpenedOperands operands)
    {
        operands.Open(0, At);
        operands.Open(1, At with { Row = 0 });
    }

    protected override float Number(int column, OpenedOperands operands) =>
        L.Add(operands[0, At.Row, column], operands[1, 0, column]);
}

/// <summary>Embedding: the id, then that row of the table.</summary>
internal sealed class EmbeddingFold<L>(Shape[] shapes, Region at) : SmallFold<L>(at)
    where L : struct, ILanes<float>
{
    private int id;

    protected override void Open(OpenedOperands operands)
    {
        operands.OpenVector(0, At.Row);
        id = Positions.Read(operands.At(0, At.Row), shapes[1].Rows);
        if (id >= 0)
            operands.Open(1, At with { Row = id });
    }

    protected override float Number(int column, OpenedOperands operands) => id < 0 ? NaN : operands[1, id, column];
}

/// <summary>Rope: each number and the other of its pair.</summary>
internal sealed class RopeFold<L, D>(Operator op, Region at) : SmallFold<L>(at)
    where L : struct, ILanes<float>
    where D : struct, IDoubles
{
    protected override void Open(OpenedOperands operands)
    {
        operands.Open(0, Enumerable.Range(At.Column, At.Columns).SelectMany(
            c => new[] { new Region(At.Row, 1, c, 1), new Region(At.Row, 1, Partner(c), 1) }));
        operands.OpenVector(1, At.Row);
    }

    protected override float Number(int column, OpenedOperands operands)
    {
        int pair = column % op.HeadSize % (op.HeadSize / 2);
        float angle = L.Multiply(operands.At(1, At.Row), RotaryFrequency.Of<D>(op, pair));
        float cos = Trigonometry.Cos<L, float>(angle), sin = Trigonometry.Sin<L, float>(angle);
        if (op.Inverse)
            sin = Negate(sin);
        float mine = operands[0, At.Row, column], other = operands[0, At.Row, Partner(column)];
        return IsFirst(column) ? L.Fma(mine, cos, Negate(L.Multiply(other, sin))) : L.Fma(mine, cos, L.Multiply(other, sin));
    }

    private bool IsFirst(int column) => column % op.HeadSize < op.HeadSize / 2;

    private int Partner(int column) => IsFirst(column) ? column + (op.HeadSize / 2) : column - (op.HeadSize / 2);
}
