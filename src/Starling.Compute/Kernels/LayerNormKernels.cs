using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>LayerNorm and its gradients. The row's differences from its mean stay in the first cache between passes.</summary>
internal static unsafe class LayerNormKernels
{
    public static void Forward<L, V>(
        Scratch scratch, Operator op, TensorView x, TensorView gain, TensorView bias, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* d = scratch.Floats(x.Columns);
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
        {
            float r = Centre<L, V>(op, x.Data + at, d, x.Columns);
            Map.Run<L, V, AffineMap>(new(d, r, gain.Data, bias.Data), y.Data + at, x.Columns);
        }
    }

    public static void GradInput<L, V>(
        Scratch scratch, Operator op, TensorView x, TensorView gain, TensorView dy, TensorView dx)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* d = scratch.Floats(2 * Scratch.Align(x.Columns)), h = d + Scratch.Align(x.Columns);
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
        {
            float r = Centre<L, V>(op, x.Data + at, d, x.Columns);
            float mean = RowSums.Reduce<L, V, GainSumStep>(new(gain.Data, dy.Data + at, h), x.Columns) / x.Columns;
            float slope = RowSums.Reduce<L, V, ScaledDotStep>(new(h, d, r), x.Columns) / x.Columns;
            Map.Run<L, V, LayerGradMap>(new(h, d, mean, slope, r), dx.Data + at, x.Columns);
        }
    }

    public static void GradGain<L, V>(Scratch scratch, Operator op, TensorView x, TensorView dy, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* d = scratch.Floats(x.Columns);
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
        {
            float r = Centre<L, V>(op, x.Data + at, d, x.Columns);
            Map.Run<L, V, ScaleByRowMap>(new(d, r, dy.Data + at), y.Data + at, x.Columns);
        }
    }

    /// <summary>Writes d = x - mean and returns rsqrt(variance + Epsilon).</summary>
    private static float Centre<L, V>(Operator op, float* x, float* d, int count)
        where L : struct, ILanes<V>
        where V : struct
    {
        float mean = RowSums.Sum<L, V>(x, count) / count;
        float squares = RowSums.Reduce<L, V, CentreStep>(new(x, mean, d), count);
        return Functions.ReciprocalSqrt((squares / count) + op.Epsilon);
    }
}
