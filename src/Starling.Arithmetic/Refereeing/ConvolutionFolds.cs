using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Refereeing;

/// <summary>Convolution: 64 filters over one block of 256 terms in a part, and the pixels that the block's taps read.</summary>
internal sealed class ConvolutionFold<L>(Operator op, Shape[] shapes, Region at) : ChainFold<L>(at)
    where L : struct, ILanes<float>
{
    private readonly ConvolutionGeometry geometry = new(op);
    private readonly int channels = shapes[0].Columns;
    private readonly int terms = shapes[1].Columns;
    private readonly int groups = Ceiling(at.Columns, TermsPerPart);

    public override int Parts => Ceiling(terms, ChainBlock) * groups;

    protected override void Add(int part, Chains<L> chains, OpenedOperands operands)
    {
        int from = part / groups * ChainBlock, to = Math.Min(terms, from + ChainBlock);
        int filter = part % groups * TermsPerPart, filters = Math.Min(TermsPerPart, At.Columns - filter);
        operands.Open(0, Pixels(from, to));
        operands.Open(1, new Region(At.Column + filter, filters, from, to - from));
        for (int t = from; t < to; t++)
        {
            long row = geometry.InputRow(At.Row, t / channels);
            float x = row < 0 ? 0f : operands[0, (int)row, t % channels];
            for (int c = filter; c < filter + filters; c++)
                chains.Add(c, x, operands[1, At.Column + c, t]);
            if (EndsBlock(t, terms))
                chains.CloseBlock(filter, filters);
        }
    }

    private IEnumerable<Region> Pixels(int from, int to)
    {
        for (int tap = from / channels; tap <= (to - 1) / channels; tap++)
        {
            long row = geometry.InputRow(At.Row, tap);
            int first = Math.Max(from - (tap * channels), 0), last = Math.Min(to - (tap * channels), channels);
            if (row >= 0)
                yield return new Region((int)row, 1, first, last - first);
        }
    }
}

/// <summary>ConvolutionGradInput: 64 terms (tap, filter) in a part.</summary>
internal sealed class ConvolutionGradInputFold<L>(Operator op, Shape[] shapes, Region at) : ChainFold<L>(at)
    where L : struct, ILanes<float>
{
    private readonly ConvolutionGeometry geometry = new(op);
    private readonly int filters = shapes[0].Columns;
    private readonly int channels = shapes[1].Columns / (op.KernelHeight * op.KernelWidth);
    private readonly int terms = checked(shapes[0].Columns * op.KernelHeight * op.KernelWidth);

    public override int Parts => Ceiling(terms, TermsPerPart);

    protected override void Add(int part, Chains<L> chains, OpenedOperands operands)
    {
        int from = part * TermsPerPart, to = Math.Min(terms, from + TermsPerPart);
        int[] range = [.. Enumerable.Range(from, to - from)];
        operands.Open(0, range.Select(t => (Row: geometry.OutputRow(At.Row, t / filters), Filter: t % filters))
            .Where(x => x.Row >= 0).Select(x => new Region((int)x.Row, 1, x.Filter, 1)));
        operands.Open(1, range.Select(t => new Region(t % filters, 1, (t / filters * channels) + At.Column, At.Columns)));
        foreach (int t in range)
        {
            long row = geometry.OutputRow(At.Row, t / filters);
            float dy = row < 0 ? 0f : operands[0, (int)row, t % filters];
            for (int c = 0; c < At.Columns; c++)
                chains.Add(c, dy, operands[1, t % filters, (t / filters * channels) + At.Column + c]);
            if (EndsBlock(t, terms))
                chains.CloseBlock(0, At.Columns);
        }
    }
}

/// <summary>ConvolutionGradWeight: as many output pixels in a part as keep the pixels that they read few.</summary>
internal sealed class ConvolutionGradWeightFold<L>(Operator op, Shape[] shapes, Region at) : ChainFold<L>(at)
    where L : struct, ILanes<float>
{
    private const int ChunksPerPart = 128;

    private readonly ConvolutionGeometry geometry = new(op);
    private readonly int channels = shapes[0].Columns;
    private readonly int rows = shapes[1].Rows;

    public override int Parts => Ceiling(rows, Step);

    private int FirstTap => At.Column / channels;

    private int LastTap => (At.Column + At.Columns - 1) / channels;

    private int Step => Math.Max(1, ChunksPerPart / (1 + (2 * (LastTap - FirstTap + 1))));

    protected override void Add(int part, Chains<L> chains, OpenedOperands operands)
    {
        int from = part * Step, to = Math.Min(rows, from + Step);
        operands.Open(0, Pixels(from, to));
        operands.Open(1, new Region(from, to - from, At.Row, 1));
        for (int t = from; t < to; t++)
        {
            float dy = operands[1, t, At.Row];
            for (int c = 0; c < At.Columns; c++)
            {
                long row = geometry.InputRow(t, (At.Column + c) / channels);
                chains.Add(c, dy, row < 0 ? 0f : operands[0, (int)row, (At.Column + c) % channels]);
            }

            if (EndsBlock(t, rows))
                chains.CloseBlock(0, At.Columns);
        }
    }

    private IEnumerable<Region> Pixels(int from, int to)
    {
        for (int t = from; t < to; t++)
            for (int tap = FirstTap; tap <= LastTap; tap++)
            {
                long row = geometry.InputRow(t, tap);
                int first = Math.Max(At.Column - (tap * channels), 0);
                int last = Math.Min(At.Column + At.Columns - (tap * channels), channels);
                if (row >= 0)
                    yield return new Region((int)row, 1, first, last - first);
            }
    }
}
