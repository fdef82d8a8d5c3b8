using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using static System.MathF;

namespace Starling.Arithmetic.Reference;

/// <summary>The formulas of the elementwise operators, one element at a time. NaN is made canonical by the caller.</summary>
internal static class Elementwise
{
    public static float Relu(float x) => x <= 0f ? 0f : x;

    public static float ReluGrad(float x, float dy) => x > 0f ? dy : 0f;

    public static float Gelu(float x) =>
        x * Functions.Sigmoid(x * FusedMultiplyAdd(GeluForm.Cubic, x * x, GeluForm.Linear));

    public static float GeluGrad(float x, float dy)
    {
        float z = x * x;
        float s = Functions.Sigmoid(x * FusedMultiplyAdd(GeluForm.Cubic, z, GeluForm.Linear));
        float slope = FusedMultiplyAdd(GeluForm.CubicSlope, z, GeluForm.Linear);
        return dy * FusedMultiplyAdd(x * s * (1f - s), slope, s);
    }

    public static float SwiGlu(float gate, float up) => gate * Functions.Sigmoid(gate) * up;

    public static float SwiGluGradGate(float gate, float up, float dy)
    {
        float s = Functions.Sigmoid(gate);
        return dy * up * FusedMultiplyAdd(gate * s, 1f - s, s);
    }

    public static float SwiGluGradUp(float gate, float dy) => dy * (gate * Functions.Sigmoid(gate));

    public static float FirstMoment(Operator op, float m, float g) =>
        FusedMultiplyAdd(op.Decay, m, (1f - op.Decay) * g);

    public static float SecondMoment(Operator op, float v, float g) =>
        FusedMultiplyAdd(op.Decay, v, (1f - op.Decay) * g * g);

    public static float Adam(Operator op, float w, float m, float v, ReadOnlySpan<float> schedule)
    {
        float step = m * schedule[1] / (Sqrt(v * schedule[2]) + op.Epsilon);
        return FusedMultiplyAdd(-schedule[0], FusedMultiplyAdd(op.Decay, w, step), w);
    }

    /// <summary>The factor min(1, limit / norm); a NaN norm gives NaN.</summary>
    public static float ClipFactor(Operator op, float squaredNorm)
    {
        float norm = Sqrt(squaredNorm);
        return norm <= op.Limit ? 1f : op.Limit / norm;
    }

    public static float OuterVelocity(Operator op, float velocity, float delta) =>
        FusedMultiplyAdd(op.Decay, velocity, delta);

    public static float OuterUpdate(Operator op, float origin, float velocity, float delta) =>
        FusedMultiplyAdd(-op.Rate, FusedMultiplyAdd(op.Decay, velocity, delta), origin);
}
