using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// A chunk that depends on whole rows: passes over the columns, 16,384 of them in a part, each leaving its lanes. Rows that
/// fit one part are done with all passes at once.
/// </summary>
internal abstract class RowFold<L>(Region at, int columns) : ChunkFold<L>
    where L : struct, ILanes<float>
{
    private const int ColumnsPerPart = 64 * Referee.ChunkColumns;
    private const int Scalars = 4;

    private readonly int blocks = Ceiling(columns, ColumnsPerPart);

    protected Region At { get; } = at;

    protected int Columns { get; } = columns;

    public override int Parts => blocks == 1 ? 1 : Passes * blocks;

    public override int StateLength => Scalars + (2 * RowLanes<L>.Count);

    /// <summary>Passes over the row.</summary>
    protected abstract int Passes { get; }

    public override float[] Next(int part, ReadOnlySpan<float> before, OpenedOperands operands)
    {
        float[] after = before.ToArray();
        Span<float> scalars = after.AsSpan(0, Scalars);
        var first = new RowLanes<L>(after.AsSpan(Scalars, RowLanes<L>.Count));
        var second = new RowLanes<L>(after.AsSpan(Scalars + RowLanes<L>.Count));
        for (int pass = blocks == 1 ? 0 : part / blocks; pass <= (blocks == 1 ? Passes - 1 : part / blocks); pass++)
        {
            int block = blocks == 1 ? 0 : part % blocks, from = block * ColumnsPerPart;
            if (block == 0)
                Start(pass, first, second);
            Run(pass, from, Math.Min(Columns, from + ColumnsPerPart), scalars, first, second, operands);
            if (block == blocks - 1)
                End(pass, scalars, first, second);
        }

        return part == Parts - 1 ? Chunk(scalars, operands) : after;
    }

    protected virtual void Start(int pass, RowLanes<L> first, RowLanes<L> second)
    {
        first.Start(0f);
        second.Start(0f);
    }

    /// <summary>Opens the columns that a pass reads and adds them to the lanes.</summary>
    protected abstract void Run(
        int pass, int from, int to, Span<float> scalars, RowLanes<L> first, RowLanes<L> second, OpenedOperands operands);

    /// <summary>Turns the lanes into the numbers that later passes need.</summary>
    protected abstract void End(int pass, Span<float> scalars, RowLanes<L> first, RowLanes<L> second);

    /// <summary>Opens and computes the chunk itself.</summary>
    protected abstract float[] Chunk(Span<float> scalars, OpenedOperands operands);

    protected Region Part(int row, int from, int to) => new(row, 1, from, to - from);

    protected static float Canonical(float x) => Functions.Canonical<L, float>(x);
}
