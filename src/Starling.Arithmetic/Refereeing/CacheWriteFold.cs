using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;

namespace Starling.Arithmetic.Refereeing;

/// <summary>CacheWrite: the positions of 128 rows in a part, leaving the last that writes here; then its row, or the cache's own.</summary>
internal sealed class CacheWriteFold<L>(Operator op, Region at) : ChunkFold<L>
    where L : struct, ILanes<float>
{
    private const int RowsPerPart = 128;

    private readonly int first = at.Row / op.KeyRows * op.QueryRows;

    public override int Parts => Ceiling(op.QueryRows, RowsPerPart);

    /// <summary>The writer, counted from 1 within the sequence, in two numbers of 16 bits.</summary>
    public override int StateLength => 2;

    public override float[] Next(int part, ReadOnlySpan<float> before, OpenedOperands operands)
    {
        int from = part * RowsPerPart, to = Math.Min(op.QueryRows, from + RowsPerPart);
        // What is left comes from a side of a dispute: anything but a row counts as none.
        int writer = (Positions.Read(before[0], 1 << 15) << 16) | Positions.Read(before[1], 1 << 16);
        writer = writer >= 0 && writer <= from ? writer : 0;
        operands.OpenVector(2, first + from, to - from);
        for (int i = from; i < to; i++)
            if (Positions.Read(operands.At(2, first + i), op.KeyRows) == at.Row % op.KeyRows)
                writer = i + 1;
        return part < Parts - 1 ? [writer >> 16, writer & 0xFFFF] : Row(writer, operands);
    }

    private float[] Row(int writer, OpenedOperands operands)
    {
        var (input, row) = writer == 0 ? (0, at.Row) : (1, first + writer - 1);
        operands.Open(input, at with { Row = row });
        float[] chunk = [.. Enumerable.Range(at.Column, at.Columns).Select(c => operands[input, row, c])];
        // Rows that nobody writes keep their bits.
        return writer == 0 ? chunk : Array.ConvertAll(chunk, Functions.Canonical<L, float>);
    }
}
