using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>RMSNorm and its gradients, a row at a time.</summary>
internal static unsafe class RmsNormKernels
{
    public static void Forward<L, V>(Operator op, TensorView x, TensorView gain, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
            Map.Run<L, V, ScaleByRowMap>(
                new(x.Data + at, Scale<L, V>(op, x.Data + at, x.Columns), gain.Data), y.Data + at, x.Columns);
    }

    public static void GradInput<L, V>(
        Scratch scratch, Operator op, TensorView x, TensorView gain, TensorView dy, TensorView dx)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* h = scratch.Floats(x.Columns);
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
        {
            float* row = x.Data + at;
            float r = Scale<L, V>(op, row, x.Columns);
            float dot = RowSums.Reduce<L, V, GainDotStep>(new(gain.Data, dy.Data + at, row, h), x.Columns);
            float c = r * r * r * (dot / x.Columns);
            Map.Run<L, V, RmsGradMap>(new(h, row, r, c), dx.Data + at, x.Columns);
        }
    }

    public static void GradGain<L, V>(Operator op, TensorView x, TensorView dy, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
            Map.Run<L, V, ScaleByRowMap>(
                new(x.Data + at, Scale<L, V>(op, x.Data + at, x.Columns), dy.Data + at), y.Data + at, x.Columns);
    }

    private static float Scale<L, V>(Operator op, float* x, int count)
        where L : struct, ILanes<V>
        where V : struct =>
        Functions.ReciprocalSqrt((RowSums.Dot<L, V>(x, x, count) / count) + op.Epsilon);
}
