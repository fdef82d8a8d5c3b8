using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// Chunks of one query row: Attention (passes for the maximum, the sum and the mix), AttentionLogSum (the first two) and
/// AttentionGradQuery (one). A part takes up to 64 keys of one group of heads. How many parts there are follows from the
/// shapes; those beyond the row's position change nothing.
/// </summary>
internal sealed class AttentionQueryFold<L> : AttentionFold<L>
    where L : struct, ILanes<float>
{
    private const int MostHeadColumns = 64 * Referee.ChunkColumns, Largest = 0, Sum = 1, NumbersPerHead = 2 + RowLanes<L>.Count;

    private readonly int passes;
    private readonly int keysPerPart;
    private readonly int blocks;
    private readonly int heads;

    public AttentionQueryFold(Operator op, Region at)
        : base(op, at)
    {
        passes = op.Kind switch { K.Attention => 3, K.AttentionLogSum => 2, _ => 1 };
        keysPerPart = Math.Max(1, TermsPerPart / MostBlocks(heads => KeyColumns(0, 1, heads)));
        blocks = Ceiling(op.KeyRows, keysPerPart);
        heads = Math.Min(HeadsPerGroup, LastHead - FirstHead + 1);
    }

    public override int Parts => checked(Groups * passes * blocks);

    public override int StateLength => (heads * NumbersPerHead) + (At.Columns * Chains<L>.NumbersPerChain);

    protected override int FirstHead => At.Column / ColumnsPerHead;

    protected override int LastHead => (At.Column + At.Columns - 1) / ColumnsPerHead;

    protected override int HeadsPerGroup => Math.Max(1, MostHeadColumns / Op.HeadSize);

    private bool IsLogSum => Op.Kind == K.AttentionLogSum;

    private bool IsGrad => Op.Kind == K.AttentionGradQuery;

    private int ColumnsPerHead => IsLogSum ? 1 : Op.HeadSize;

    private int PositionsOperand => IsLogSum ? 2 : 3;

    public override float[] Next(int part, ReadOnlySpan<float> before, OpenedOperands operands)
    {
        float[] after = before.ToArray();
        int group = part / blocks / passes, pass = part / blocks % passes, block = part % blocks;
        operands.OpenVector(PositionsOperand, At.Row);
        int seen = Positions.Read(operands.At(PositionsOperand, At.Row), Op.KeyRows) + 1;
        int from = block * keysPerPart, to = Math.Min(Math.Min(Op.KeyRows, from + keysPerPart), seen);
        var range = Heads(group);
        if (to > from)
            Open(pass, from, to, range, operands);
        for (int head = range.First; head <= range.Last; head++)
        {
            Span<float> numbers = after.AsSpan((head - range.First) * NumbersPerHead, NumbersPerHead);
            var chains = new Chains<L>(after.AsSpan(heads * NumbersPerHead));
            Run(pass, from, to, seen, head, numbers, chains, operands);
            if (block == blocks - 1)
                End(pass, head, numbers, chains, after.AsSpan(heads * NumbersPerHead));
        }

        return part < Parts - 1 ? after : Chunk(seen, after);
    }

    private void Open(int pass, int from, int to, (int First, int Last) range, OpenedOperands operands)
    {
        int key = Geometry.FirstKey(At.Row) + from;
        operands.Open(0, QueryColumns(At.Row, range));
        operands.Open(1, KeyColumns(key, to - from, range));
        if (IsGrad)
        {
            operands.Open(2, KeyColumns(key, to - from, range));
            operands.Open(4, QueryColumns(At.Row, range));
            operands.Open(5, new Region(At.Row, 1, range.First, range.Last - range.First + 1));
            operands.Open(6, new Region(At.Row, 1, range.First, range.Last - range.First + 1));
        }

        if (pass == 2)
            operands.Open(2, Enumerable.Range(range.First, range.Last - range.First + 1).Select(head =>
            {
                var (first, count) = ColumnsOf(head);
                return new Region(key, to - from, KeyColumn(head, first), count);
            }));
    }

    private void Run(
        int pass, int from, int to, int seen, int head, Span<float> numbers, Chains<L> chains, OpenedOperands operands)
    {
        var lanes = new RowLanes<L>(numbers[2..]);
        if (from == 0)
            lanes.Start(pass == 0 && !IsGrad ? float.NegativeInfinity : 0f);
        float scale = Scale(Op);
        for (int j = from; j < to; j++)
        {
            int key = Geometry.FirstKey(At.Row) + j;
            bool ends = j % ChainBlock == ChainBlock - 1 || j == seen - 1;
            if (IsGrad)
            {
                Mix(1, Slope(operands, At.Row, key, head), head, key, ends, chains, operands);
                continue;
            }

            float score = L.Multiply(Score(operands, 0, At.Row, 1, key, head), scale);
            if (pass == 0)
            {
                lanes.Raise(j, score);
                continue;
            }

            float e = Exp(L.Subtract(score, numbers[Largest]));
            if (pass == 2)
                Mix(2, e, head, key, ends, chains, operands);
            else
                AddToSum(j, e, ends, numbers, lanes);
        }
    }

    private static void AddToSum(int j, float e, bool ends, Span<float> numbers, RowLanes<L> lanes)
    {
        lanes.Add(j, e);
        if (!ends)
            return;
        numbers[Sum] = j < ChainBlock ? lanes.Sum() : L.Add(numbers[Sum], lanes.Sum());
        lanes.Start(0f);
    }

    /// <summary>Adds a key's share to each column of the head.</summary>
    private void Mix(int operand, float weight, int head, int key, bool ends, Chains<L> chains, OpenedOperands operands)
    {
        var (first, count) = ColumnsOf(head);
        for (int column = first; column < first + count; column++)
            chains.Add(column - At.Column, weight, operands[operand, key, KeyColumn(head, column)]);
        if (ends)
            chains.CloseBlock(first - At.Column, count);
    }

    private void End(int pass, int head, Span<float> numbers, Chains<L> chains, Span<float> totals)
    {
        if (pass == 0 && !IsGrad)
            numbers[Largest] = new RowLanes<L>(numbers[2..]).Largest();
        if (pass < passes - 1)
            return;
        var (first, count) = ColumnsOf(head);
        for (int chain = first - At.Column; chain < first - At.Column + count; chain++)
            totals[chain * Chains<L>.NumbersPerChain] = Canonical(Op.Kind switch
            {
                K.AttentionLogSum => L.Add(numbers[Largest], Log(numbers[Sum])),
                K.Attention => L.Multiply(chains.Total(chain), L.Divide(1f, numbers[Sum])),
                _ => L.Multiply(chains.Total(chain), Scale(Op)),
            });
        if (pass == passes - 1)
            numbers.Clear();
    }

    private float[] Chunk(int seen, float[] numbers)
    {
        var chunk = new float[At.Columns];
        for (int c = 0; c < chunk.Length; c++)
            chunk[c] = seen == 0 ? NaN : numbers[(heads * NumbersPerHead) + (c * Chains<L>.NumbersPerChain)];
        return chunk;
    }

    /// <summary>The chunk's columns that belong to a head.</summary>
    private (int First, int Count) ColumnsOf(int head)
    {
        int first = Math.Max(At.Column, head * ColumnsPerHead), end = Math.Min(At.Column + At.Columns, (head + 1) * ColumnsPerHead);
        return (first, end - first);
    }

    private int KeyColumn(int head, int column) => (head / Geometry.Group * Op.HeadSize) + (column - (head * Op.HeadSize));
}
