using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>RowSumSquares: its chunk is one number.</summary>
internal sealed class SumSquaresFold<L>(Shape[] shapes, Region at) : RowFold<L>(at, shapes[0].Columns)
    where L : struct, ILanes<float>
{
    protected override int Passes => 1;

    protected override void Run(
        int pass, int from, int to, Span<float> scalars, RowLanes<L> first, RowLanes<L> second, OpenedOperands operands)
    {
        operands.Open(0, Part(At.Row, from, to));
        for (int i = from; i < to; i++)
            first.AddProduct(i, operands[0, At.Row, i], operands[0, At.Row, i]);
    }

    protected override void End(int pass, Span<float> scalars, RowLanes<L> first, RowLanes<L> second) =>
        scalars[0] = first.Sum();

    protected override float[] Chunk(Span<float> scalars, OpenedOperands operands) => [Canonical(scalars[0])];
}

/// <summary>RmsNorm and its gradients: one pass for the scale and, by x, the slope.</summary>
internal sealed class RmsFold<L>(Operator op, Shape[] shapes, Region at) : RowFold<L>(at, shapes[0].Columns)
    where L : struct, ILanes<float>
{
    protected override int Passes => 1;

    private bool IsGradInput => op.Kind == K.RmsNormGradInput;

    protected override void Run(
        int pass, int from, int to, Span<float> scalars, RowLanes<L> first, RowLanes<L> second, OpenedOperands operands)
    {
        Open(from, to, operands, IsGradInput);
        for (int i = from; i < to; i++)
        {
            float x = operands[0, At.Row, i];
            first.AddProduct(i, x, x);
            if (IsGradInput)
                second.AddProduct(i, L.Multiply(operands[1, 0, i], operands[2, At.Row, i]), x);
        }
    }

    protected override void End(int pass, Span<float> scalars, RowLanes<L> first, RowLanes<L> second)
    {
        float n = Whole(Columns), r = ReciprocalSqrt(L.Add(L.Divide(first.Sum(), n), op.Epsilon));
        scalars[0] = r;
        scalars[1] = L.Multiply(L.Multiply(L.Multiply(r, r), r), L.Divide(second.Sum(), n));
    }

    protected override float[] Chunk(Span<float> scalars, OpenedOperands operands)
    {
        Open(At.Column, At.Column + At.Columns, operands, all: true);
        var chunk = new float[At.Columns];
        for (int c = 0; c < chunk.Length; c++)
        {
            int i = At.Column + c;
            float x = operands[0, At.Row, i];
            chunk[c] = Canonical(op.Kind switch
            {
                K.RmsNorm => L.Multiply(L.Multiply(x, scalars[0]), operands[1, 0, i]),
                K.RmsNormGradGain => L.Multiply(L.Multiply(x, scalars[0]), operands[1, At.Row, i]),
                _ => L.Fma(L.Multiply(operands[1, 0, i], operands[2, At.Row, i]), scalars[0], Negate(L.Multiply(x, scalars[1]))),
            });
        }

        return chunk;
    }

    private void Open(int from, int to, OpenedOperands operands, bool all)
    {
        operands.Open(0, Part(At.Row, from, to));
        if (!all)
            return;
        operands.Open(1, Part(op.Kind == K.RmsNormGradGain ? At.Row : 0, from, to));
        if (IsGradInput)
            operands.Open(2, Part(At.Row, from, to));
    }
}

/// <summary>LayerNorm and its gradients: a pass for the mean, one for the deviation and, by x, one for the slopes.</summary>
internal sealed class LayerNormFold<L>(Operator op, Shape[] shapes, Region at) : RowFold<L>(at, shapes[0].Columns)
    where L : struct, ILanes<float>
{
    private const int Mean = 0, Scale = 1, Slope = 2, Shift = 3;

    protected override int Passes => IsGradInput ? 3 : 2;

    private bool IsGradInput => op.Kind == K.LayerNormGradInput;

    protected override void Run(
        int pass, int from, int to, Span<float> scalars, RowLanes<L> first, RowLanes<L> second, OpenedOperands operands)
    {
        Open(from, to, operands, all: pass == 2);
        for (int i = from; i < to; i++)
        {
            float x = operands[0, At.Row, i];
            if (pass == 0)
            {
                first.Add(i, x);
            }
            else if (pass == 1)
            {
                float d = L.Subtract(x, scalars[Mean]);
                first.AddProduct(i, d, d);
            }
            else
            {
                float h = L.Multiply(operands[1, 0, i], operands[2, At.Row, i]);
                first.Add(i, h);
                second.AddProduct(i, h, Normal(x, scalars));
            }
        }
    }

    protected override void End(int pass, Span<float> scalars, RowLanes<L> first, RowLanes<L> second)
    {
        float n = Whole(Columns);
        if (pass == 0)
            scalars[Mean] = L.Divide(first.Sum(), n);
        else if (pass == 1)
            scalars[Scale] = ReciprocalSqrt(L.Add(L.Divide(first.Sum(), n), op.Epsilon));
        else
            (scalars[Shift], scalars[Slope]) = (L.Divide(first.Sum(), n), L.Divide(second.Sum(), n));
    }

    protected override float[] Chunk(Span<float> scalars, OpenedOperands operands)
    {
        Open(At.Column, At.Column + At.Columns, operands, all: true);
        var chunk = new float[At.Columns];
        for (int c = 0; c < chunk.Length; c++)
        {
            int i = At.Column + c;
            float normal = Normal(operands[0, At.Row, i], scalars);
            chunk[c] = Canonical(op.Kind switch
            {
                K.LayerNorm => L.Fma(normal, operands[1, 0, i], operands[2, 0, i]),
                K.LayerNormGradGain => L.Multiply(normal, operands[1, At.Row, i]),
                _ => L.Multiply(
                    L.Fma(normal, Negate(scalars[Slope]),
                        L.Subtract(L.Multiply(operands[1, 0, i], operands[2, At.Row, i]), scalars[Shift])),
                    scalars[Scale]),
            });
        }

        return chunk;
    }

    private static float Normal(float x, Span<float> scalars) => L.Multiply(L.Subtract(x, scalars[Mean]), scalars[Scale]);

    private void Open(int from, int to, OpenedOperands operands, bool all)
    {
        operands.Open(0, Part(At.Row, from, to));
        if (!all)
            return;
        operands.Open(1, Part(op.Kind == K.LayerNormGradGain ? At.Row : 0, from, to));
        if (op.Kind != K.LayerNormGradGain)
            operands.Open(2, Part(IsGradInput ? At.Row : 0, from, to));
    }
}
