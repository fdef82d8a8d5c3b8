using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>Operators whose number depends on the same number of each operand.</summary>
internal sealed class ElementwiseFold<L>(Operator op, Shape[] shapes, Region at) : SmallFold<L>(at)
    where L : struct, ILanes<float>
{
    protected override void Open(OpenedOperands operands)
    {
        for (int i = 0; i < shapes.Length; i++)
            operands.Open(i, IsShared(i) ? new Region(0, 1, 0, shapes[i].Columns) : At);
    }

    protected override float Number(int column, OpenedOperands operands)
    {
        float Of(int input) => operands[input, At.Row, column];
        float a = Of(0);
        return op.Kind switch
        {
            K.Add => L.Add(a, Of(1)),
            K.Multiply => L.Multiply(a, Of(1)),
            K.Scale => L.Multiply(a, op.Factor),
            K.Relu => IsGreater(a, 0f) || !IsEqual(a, a) ? a : 0f,
            K.ReluGrad => IsGreater(a, 0f) ? Of(1) : 0f,
            K.Gelu => L.Multiply(a, GeluSigmoid(a)),
            K.GeluGrad => GeluGrad(a, Of(1)),
            K.SwiGlu => L.Multiply(L.Multiply(a, Sigmoid(a)), Of(1)),
            K.SwiGluGradGate => SwiGluGradGate(a, Of(1), Of(2)),
            K.SwiGluGradUp => L.Multiply(Of(1), L.Multiply(a, Sigmoid(a))),
            K.AdamFirstMoment => L.Fma(op.Decay, a, L.Multiply(L.Subtract(1f, op.Decay), Of(1))),
            K.AdamSecondMoment => L.Fma(op.Decay, a, L.Multiply(L.Multiply(L.Subtract(1f, op.Decay), Of(1)), Of(1))),
            K.AdamUpdate => Adam(a, Of(1), Of(2), operands[3, 0, 0], operands[3, 0, 1], operands[3, 0, 2]),
            K.ClipByNorm => L.Multiply(a, ClipFactor(operands[1, 0, 0])),
            K.OuterVelocity => L.Fma(op.Decay, a, Of(1)),
            _ => L.Fma(Negate(op.Rate), L.Fma(op.Decay, Of(1), Of(2)), a),
        };
    }

    private bool IsShared(int input) => (op.Kind, input) is (K.AdamUpdate, 3) or (K.ClipByNorm, 1);

    private static float Sigmoid(float x) => Exponential.Sigmoid<L, float>(x);

    private static float GeluSigmoid(float x) =>
        Sigmoid(L.Multiply(x, L.Fma(GeluForm.Cubic, L.Multiply(x, x), GeluForm.Linear)));

    private static float GeluGrad(float x, float dy)
    {
        float s = GeluSigmoid(x), slope = L.Fma(GeluForm.CubicSlope, L.Multiply(x, x), GeluForm.Linear);
        return L.Multiply(dy, L.Fma(L.Multiply(L.Multiply(x, s), L.Subtract(1f, s)), slope, s));
    }

    private static float SwiGluGradGate(float gate, float up, float dy)
    {
        float s = Sigmoid(gate);
        return L.Multiply(L.Multiply(dy, up), L.Fma(L.Multiply(gate, s), L.Subtract(1f, s), s));
    }

    private float Adam(float w, float m, float v, float rate, float first, float second)
    {
        float step = L.Divide(L.Multiply(m, first), L.Add(L.Sqrt(L.Multiply(v, second)), op.Epsilon));
        return L.Fma(Negate(rate), L.Fma(op.Decay, w, step), w);
    }

    private float ClipFactor(float squaredNorm)
    {
        float norm = L.Sqrt(squaredNorm);
        return IsGreater(op.Limit, norm) || IsEqual(op.Limit, norm) ? 1f : L.Divide(op.Limit, norm);
    }
}
