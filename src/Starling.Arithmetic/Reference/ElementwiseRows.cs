using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Elementary.Functions;

namespace Starling.Arithmetic.Reference;

/// <summary>Walks whole tensors for the operators whose output element depends on the same element of each input.</summary>
internal static unsafe class ElementwiseRows
{
    public static void AddRow(TensorView a, TensorView row, TensorView y)
    {
        for (int r = 0; r < y.Rows; r++)
            for (int c = 0; c < y.Columns; c++)
                y.Row(r)[c] = Canonical(a.Row(r)[c] + row.Data[c]);
    }

    public static void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView y)
    {
        float* a = inputs[0].Data, b = At(inputs, 1), c = At(inputs, 2);
        var last = inputs[^1].Span;
        float clip = op.Kind == OperatorKind.ClipByNorm ? Elementwise.ClipFactor(op, last[0]) : 1f;
        for (long i = 0; i < y.Shape.Elements; i++)
            y.Data[i] = Canonical(op.Kind switch
            {
                OperatorKind.Add => a[i] + b[i],
                OperatorKind.Multiply => a[i] * b[i],
                OperatorKind.Scale => a[i] * op.Factor,
                OperatorKind.Relu => Elementwise.Relu(a[i]),
                OperatorKind.ReluGrad => Elementwise.ReluGrad(a[i], b[i]),
                OperatorKind.Gelu => Elementwise.Gelu(a[i]),
                OperatorKind.GeluGrad => Elementwise.GeluGrad(a[i], b[i]),
                OperatorKind.SwiGlu => Elementwise.SwiGlu(a[i], b[i]),
                OperatorKind.SwiGluGradGate => Elementwise.SwiGluGradGate(a[i], b[i], c[i]),
                OperatorKind.SwiGluGradUp => Elementwise.SwiGluGradUp(a[i], b[i]),
                OperatorKind.AdamFirstMoment => Elementwise.FirstMoment(op, a[i], b[i]),
                OperatorKind.AdamSecondMoment => Elementwise.SecondMoment(op, a[i], b[i]),
                OperatorKind.AdamUpdate => Elementwise.Adam(op, a[i], b[i], c[i], last),
                OperatorKind.ClipByNorm => a[i] * clip,
                OperatorKind.OuterVelocity => Elementwise.OuterVelocity(op, a[i], b[i]),
                OperatorKind.OuterUpdate => Elementwise.OuterUpdate(op, a[i], b[i], c[i]),
                _ => throw new ArgumentOutOfRangeException(nameof(op), op.Kind, "not an elementwise operator"),
            });
    }

    private static float* At(ReadOnlySpan<TensorView> inputs, int index) =>
        index < inputs.Length ? inputs[index].Data : null;
}
