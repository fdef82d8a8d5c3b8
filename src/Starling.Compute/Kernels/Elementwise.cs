using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Compute.Kernels;

/// <summary>The elementwise operators that run over whole tensors.</summary>
internal static unsafe class Elementwise
{
    /// <summary>False where the operator is not one of these.</summary>
    public static bool Run<L, V>(Operator op, ReadOnlySpan<TensorView> x, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* a = x[0].Data, b = x.Length > 1 ? x[1].Data : null, c = x.Length > 2 ? x[2].Data : null;
        switch (op.Kind)
        {
            case K.Add: Go<L, V, AddMap>(new(a, b), y); return true;
            case K.Multiply: Go<L, V, MultiplyMap>(new(a, b), y); return true;
            case K.Scale: Go<L, V, ScaleMap>(new(a, op.Factor), y); return true;
            case K.Relu: Go<L, V, ReluMap>(new(a), y); return true;
            case K.ReluGrad: Go<L, V, ReluGradMap>(new(a, b), y); return true;
            case K.Gelu: Go<L, V, GeluMap>(new(a), y); return true;
            case K.GeluGrad: Go<L, V, GeluGradMap>(new(a, b), y); return true;
            case K.SwiGlu: Go<L, V, SwiGluMap>(new(a, b), y); return true;
            case K.SwiGluGradGate: Go<L, V, SwiGluGradGateMap>(new(a, b, c), y); return true;
            case K.SwiGluGradUp: Go<L, V, SwiGluGradUpMap>(new(a, b), y); return true;
            case K.AdamFirstMoment: Go<L, V, FirstMomentMap>(new(a, b, op.Decay), y); return true;
            case K.AdamSecondMoment: Go<L, V, SecondMomentMap>(new(a, b, op.Decay), y); return true;
            case K.AdamUpdate: Go<L, V, AdamMap>(new(a, b, c, x[3].Data, op.Decay, op.Epsilon), y); return true;
            case K.ClipByNorm: Go<L, V, ScaleMap>(new(a, ClipFactor(op, b[0])), y); return true;
            case K.OuterVelocity: Go<L, V, OuterVelocityMap>(new(a, b, op.Decay), y); return true;
            case K.OuterUpdate: Go<L, V, OuterUpdateMap>(new(a, b, c, op.Rate, op.Decay), y); return true;
            default: return false;
        }
    }

    private static void Go<L, V, F>(F map, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
        where F : struct, IMap =>
        Map.Run<L, V, F>(map, y.Data, y.Shape.Elements);

    private static float ClipFactor(Operator op, float squaredNorm)
    {
        float norm = MathF.Sqrt(squaredNorm);
        return norm <= op.Limit ? 1f : op.Limit / norm;
    }
}
