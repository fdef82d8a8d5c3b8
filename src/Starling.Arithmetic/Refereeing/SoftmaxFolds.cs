using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>Softmax and cross-entropy with its gradient: a pass for the maximum, one for the sum of exponentials.</summary>
internal sealed class SoftmaxFold<L>(Operator op, Shape[] shapes, Region at) : RowFold<L>(at, shapes[0].Columns)
    where L : struct, ILanes<float>
{
    protected override int Passes => 2;

    protected override void Start(int pass, RowLanes<L> first, RowLanes<L> second) =>
        first.Start(pass == 0 ? float.NegativeInfinity : 0f);

    protected override void Run(
        int pass, int from, int to, Span<float> scalars, RowLanes<L> first, RowLanes<L> second, OpenedOperands operands)
    {
        operands.Open(0, Part(At.Row, from, to));
        for (int i = from; i < to; i++)
            if (pass == 0)
                first.Raise(i, operands[0, At.Row, i]);
            else
                first.Add(i, Exp(L.Subtract(operands[0, At.Row, i], scalars[0])));
    }

    protected override void End(int pass, Span<float> scalars, RowLanes<L> first, RowLanes<L> second) =>
        scalars[pass] = pass == 0 ? first.Largest() : first.Sum();

    protected override float[] Chunk(Span<float> scalars, OpenedOperands operands)
    {
        if (op.Kind == K.Softmax)
            return Probabilities(scalars, operands);
        operands.OpenVector(1, At.Row);
        float named = operands.At(1, At.Row);
        int target = Positions.Read(named, Columns);
        if (target < 0)
            return [.. Enumerable.Repeat(IsEqual(named, -1f) ? 0f : NaN, At.Columns)];
        return op.Kind == K.CrossEntropy ? [Loss(target, scalars, operands)] : Gradient(target, scalars, operands);
    }

    private float Loss(int target, Span<float> scalars, OpenedOperands operands)
    {
        operands.Open(0, new Region(At.Row, 1, target, 1));
        return Canonical(L.Subtract(Log(scalars[1]), L.Subtract(operands[0, At.Row, target], scalars[0])));
    }

    private float[] Gradient(int target, Span<float> scalars, OpenedOperands operands)
    {
        float[] chunk = Probabilities(scalars, operands);
        for (int c = 0; c < chunk.Length; c++)
            chunk[c] = Canonical(L.Multiply(At.Column + c == target ? L.Subtract(chunk[c], 1f) : chunk[c], op.Factor));
        return chunk;
    }

    private float[] Probabilities(Span<float> scalars, OpenedOperands operands)
    {
        operands.Open(0, Part(At.Row, At.Column, At.Column + At.Columns));
        float inverse = L.Divide(1f, scalars[1]);
        var chunk = new float[At.Columns];
        for (int c = 0; c < chunk.Length; c++)
            chunk[c] = Canonical(L.Multiply(Exp(L.Subtract(operands[0, At.Row, At.Column + c], scalars[0])), inverse));
        return chunk;
    }
}

/// <summary>SoftmaxGrad: one pass for the dot product.</summary>
internal sealed class SoftmaxGradFold<L>(Shape[] shapes, Region at) : RowFold<L>(at, shapes[0].Columns)
    where L : struct, ILanes<float>
{
    protected override int Passes => 1;

    protected override void Run(
        int pass, int from, int to, Span<float> scalars, RowLanes<L> first, RowLanes<L> second, OpenedOperands operands)
    {
        operands.Open(0, Part(At.Row, from, to));
        operands.Open(1, Part(At.Row, from, to));
        for (int i = from; i < to; i++)
            first.AddProduct(i, operands[0, At.Row, i], operands[1, At.Row, i]);
    }

    protected override void End(int pass, Span<float> scalars, RowLanes<L> first, RowLanes<L> second) =>
        scalars[0] = first.Sum();

    protected override float[] Chunk(Span<float> scalars, OpenedOperands operands)
    {
        operands.Open(0, Part(At.Row, At.Column, At.Column + At.Columns));
        operands.Open(1, Part(At.Row, At.Column, At.Column + At.Columns));
        var chunk = new float[At.Columns];
        for (int c = 0; c < chunk.Length; c++)
            chunk[c] = Canonical(L.Multiply(
                operands[0, At.Row, At.Column + c], L.Subtract(operands[1, At.Row, At.Column + c], scalars[0])));
        return chunk;
    }
}
