using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

internal static unsafe class LayerNormKernels
{
    public static void Forward<L, V>(
        Scratch scratch, Operator op, TensorView x, TensorView gain, TensorView bias, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* n = scratch.Floats(x.Columns);
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
        {
            Normalise<L, V>(op, x.Data + at, n, x.Columns);
            Map.Run<L, V, AffineMap>(new(n, gain.Data, bias.Data), y.Data + at, x.Columns);
        }
    }

    public static void GradInput<L, V>(
        Scratch scratch, Operator op, TensorView x, TensorView gain, TensorView dy, TensorView dx)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* n = scratch.Floats(2 * Scratch.Align(x.Columns)), h = n + Scratch.Align(x.Columns);
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
        {
            float r = Normalise<L, V>(op, x.Data + at, n, x.Columns);
            Map.Run<L, V, MultiplyMap>(new(gain.Data, dy.Data + at), h, x.Columns);
            float mean = RowSums.Sum<L, V>(h, x.Columns) / x.Columns;
            float slope = RowSums.Dot<L, V>(h, n, x.Columns) / x.Columns;
            Map.Run<L, V, LayerGradMap>(new(h, n, mean, slope, r), dx.Data + at, x.Columns);
        }
    }

    public static void GradGain<L, V>(Scratch scratch, Operator op, TensorView x, TensorView dy, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* n = scratch.Floats(x.Columns);
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
        {
            Normalise<L, V>(op, x.Data + at, n, x.Columns);
            Map.Run<L, V, MultiplyMap>(new(n, dy.Data + at), y.Data + at, x.Columns);
        }
    }

    private static float Normalise<L, V>(Operator op, float* x, float* n, int count)
        where L : struct, ILanes<V>
        where V : struct
    {
        float mean = RowSums.Sum<L, V>(x, count) / count;
        Map.Run<L, V, SubtractMap>(new(x, mean), n, count);
        float r = Functions.ReciprocalSqrt((RowSums.Dot<L, V>(n, n, count) / count) + op.Epsilon);
        Map.Run<L, V, ScaleMap>(new(n, r), n, count);
        return r;
    }
}
