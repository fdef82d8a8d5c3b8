using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;

namespace Starling.Compute.Kernels;

/// <summary>Softmax and cross-entropy; each pass over a row is its own short loop.</summary>
internal static unsafe class LossKernels
{
    public static void Softmax<L, V>(TensorView x, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (long at = 0; at < x.Shape.Elements; at += x.Columns)
        {
            float inverse = 1f / Exponentials<L, V>(x.Data + at, y.Data + at, x.Columns, out _);
            Map.Run<L, V, ScaleMap>(new(y.Data + at, inverse), y.Data + at, x.Columns);
        }
    }

    public static void SoftmaxGrad<L, V>(TensorView y, TensorView dy, TensorView dx)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (long at = 0; at < y.Shape.Elements; at += y.Columns)
        {
            float dot = RowSums.Dot<L, V>(y.Data + at, dy.Data + at, y.Columns);
            Map.Run<L, V, SlopeMap>(new(y.Data + at, dy.Data + at, dot), dx.Data + at, y.Columns);
        }
    }

    public static void CrossEntropy<L, V>(Scratch scratch, TensorView logits, TensorView targets, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        float* e = scratch.Floats(logits.Columns);
        for (int r = 0; r < logits.Rows; r++)
        {
            float* row = logits.Data + ((long)r * logits.Columns);
            int target = Positions.Read(targets.Data[r], logits.Columns);
            if (target < 0)
            {
                y.Data[r] = targets.Data[r] == -1f ? 0f : NotANumber;
                continue;
            }

            float sum = Exponentials<L, V>(row, e, logits.Columns, out float max);
            y.Data[r] = Functions.Canonical(Functions.Log(sum) - (row[target] - max));
        }
    }

    public static void CrossEntropyGrad<L, V>(Operator op, TensorView logits, TensorView targets, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (int r = 0; r < logits.Rows; r++)
        {
            float* row = logits.Data + ((long)r * logits.Columns), target = y.Data + ((long)r * logits.Columns);
            int index = Positions.Read(targets.Data[r], logits.Columns);
            if (index < 0)
            {
                new Span<float>(target, logits.Columns).Fill(targets.Data[r] == -1f ? 0f : NotANumber);
                continue;
            }

            float inverse = 1f / Exponentials<L, V>(row, target, logits.Columns, out _), hit = target[index];
            Map.Run<L, V, ScaleTwiceMap>(new(target, inverse, op.Factor), target, logits.Columns);
            target[index] = Functions.Canonical(((hit * inverse) - 1f) * op.Factor);
        }
    }

    private static float NotANumber => BitConverter.Int32BitsToSingle(Functions.CanonicalNaNBits);

    private static float Exponentials<L, V>(float* x, float* e, int count, out float max)
        where L : struct, ILanes<V>
        where V : struct
    {
        max = RowSums.Max<L, V>(x, count);
        Map.Within<L, V, ExpShiftedMap>(new(x, max), e, count);
        return RowSums.Sum<L, V>(e, count);
    }
}
