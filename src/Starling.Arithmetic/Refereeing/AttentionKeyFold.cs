using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// Chunks of one key row, AttentionGradKey and AttentionGradValue: query heads in ascending groups, the sequence's rows in
/// parts, of which only those that see the key are opened.
/// </summary>
internal sealed class AttentionKeyFold<L> : AttentionFold<L>
    where L : struct, ILanes<float>
{
    private const int MostHeadColumns = 1024, RowsPerPart = 48;

    private readonly int rowsPerPart;
    private readonly int blocks;
    private readonly int columnsPerHead;

    public AttentionKeyFold(Operator op, Region at)
        : base(op, at)
    {
        rowsPerPart = Math.Max(1, RowsPerPart / MostBlocks(heads => QueryColumns(0, heads)));
        blocks = Ceiling(op.QueryRows, rowsPerPart);
        columnsPerHead = Math.Min(op.HeadSize, at.Columns);
    }

    public override int Parts => checked(Groups * blocks);

    /// <summary>The chunk so far, then the sums of a group's heads.</summary>
    public override int StateLength =>
        At.Columns + (Math.Min(HeadsPerGroup, LastHead - FirstHead + 1) * columnsPerHead * Chains<L>.NumbersPerChain);

    protected override int FirstHead => At.Column / Op.HeadSize * Geometry.Group;

    protected override int LastHead => ((((At.Column + At.Columns - 1) / Op.HeadSize) + 1) * Geometry.Group) - 1;

    protected override int HeadsPerGroup => Math.Max(1, MostHeadColumns / Op.HeadSize);

    private bool IsValue => Op.Kind == K.AttentionGradValue;

    private int PositionsOperand => IsValue ? 2 : 3;

    private int Key => At.Row % Op.KeyRows;

    private int FirstRow => At.Row / Op.KeyRows * Op.QueryRows;

    public override float[] Next(int part, ReadOnlySpan<float> before, OpenedOperands operands)
    {
        float[] after = before.ToArray();
        int group = part / blocks, block = part % blocks;
        int from = block * rowsPerPart, to = Math.Min(Op.QueryRows, from + rowsPerPart);
        var heads = Heads(group);
        var chains = new Chains<L>(after.AsSpan(At.Columns));
        int[] rows = Attending(from, to, operands);
        Open(rows, heads, operands);
        for (int i = from; i < to; i++)
        {
            if (Array.IndexOf(rows, i) >= 0)
                for (int head = heads.First; head <= heads.Last; head++)
                    Add(i, head, head - heads.First, chains, operands);
            if (i % ChainBlock == ChainBlock - 1 || i == Op.QueryRows - 1)
                chains.CloseBlock(0, chains.Count);
        }

        if (block == blocks - 1)
            End(heads, chains, after);
        return part < Parts - 1 ? after : Chunk(after);
    }

    private int[] Attending(int from, int to, OpenedOperands operands)
    {
        operands.OpenVector(PositionsOperand, FirstRow + from, to - from);
        return [.. Enumerable.Range(from, to - from).Where(
            i => Positions.Read(operands.At(PositionsOperand, FirstRow + i), Op.KeyRows) >= Key)];
    }

    private void Open(int[] rows, (int First, int Last) heads, OpenedOperands operands)
    {
        if (rows.Length == 0)
            return;
        Region[] queries = Array.ConvertAll(rows, i => QueryColumns(FirstRow + i, heads));
        Region[] perHead = Array.ConvertAll(rows, i => new Region(FirstRow + i, 1, heads.First, heads.Last - heads.First + 1));
        operands.Open(0, queries);
        operands.Open(1, KeyColumns(At.Row, 1, heads));
        if (!IsValue)
            operands.Open(2, KeyColumns(At.Row, 1, heads));
        operands.Open(IsValue ? 3 : 4, queries);
        operands.Open(IsValue ? 4 : 5, perHead);
        if (!IsValue)
            operands.Open(6, perHead);
    }

    private void Add(int i, int head, int place, Chains<L> chains, OpenedOperands operands)
    {
        int row = FirstRow + i, source = IsValue ? 3 : 0;
        float weight = IsValue ? Probability(operands, 4, row, At.Row, head) : Slope(operands, row, At.Row, head);
        var (first, count) = ColumnsOf(head);
        for (int c = 0; c < count; c++)
            chains.Add((place * columnsPerHead) + c, weight, operands[source, row, (head * Op.HeadSize) + first + c]);
    }

    /// <summary>Adds the totals of a group's heads to the chunk in their order.</summary>
    private void End((int First, int Last) heads, Chains<L> chains, float[] chunk)
    {
        for (int head = heads.First; head <= heads.Last; head++)
        {
            var (first, count) = ColumnsOf(head);
            for (int c = 0; c < count; c++)
            {
                float total = chains.Total(((head - heads.First) * columnsPerHead) + c);
                ref float number = ref chunk[(head / Geometry.Group * Op.HeadSize) + first + c - At.Column];
                number = head % Geometry.Group == 0 ? total : L.Add(number, total);
            }
        }

        chains.Clear();
    }

    private float[] Chunk(float[] numbers)
    {
        var chunk = new float[At.Columns];
        for (int c = 0; c < chunk.Length; c++)
            chunk[c] = Canonical(IsValue ? numbers[c] : L.Multiply(numbers[c], Scale(Op)));
        return chunk;
    }

    /// <summary>The columns of a head, within it, that belong to the chunk.</summary>
    private (int First, int Count) ColumnsOf(int head)
    {
        int start = head / Geometry.Group * Op.HeadSize;
        int first = Math.Max(At.Column, start), end = Math.Min(At.Column + At.Columns, start + Op.HeadSize);
        return (first - start, end - first);
    }
}
