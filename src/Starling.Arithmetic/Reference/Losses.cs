using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Elementary.Functions;

namespace Starling.Arithmetic.Reference;

/// <summary>
/// Softmax and cross-entropy: per row the maximum and the sum of exp(x - maximum) by lanes. A target that is neither
/// -1 nor a column gives NaN.
/// </summary>
internal static class Losses
{
    public static void Softmax(TensorView x, TensorView y)
    {
        for (int row = 0; row < x.Rows; row++)
        {
            var ys = y.Row(row);
            float inverse = 1f / Exponentials(x.Row(row), ys, out _);
            for (int i = 0; i < ys.Length; i++)
                ys[i] = Canonical(ys[i] * inverse);
        }
    }

    public static void SoftmaxGrad(TensorView y, TensorView dy, TensorView dx)
    {
        for (int row = 0; row < y.Rows; row++)
        {
            Span<float> ys = y.Row(row);
            Span<float> ds = dy.Row(row);
            Span<float> xs = dx.Row(row);
            float dot = Sums.LanesDot(ys, ds);
            for (int i = 0; i < xs.Length; i++)
                xs[i] = Canonical(ys[i] * (ds[i] - dot));
        }
    }

    public static void CrossEntropy(TensorView logits, TensorView targets, TensorView y)
    {
        var e = new float[logits.Columns];
        for (int row = 0; row < logits.Rows; row++)
        {
            var xs = logits.Row(row);
            int target = Positions.Read(targets.Span[row], xs.Length);
            float sum = Exponentials(xs, e, out float max);
            y.Span[row] = targets.Span[row] == -1f ? 0f
                : target < 0 ? BitConverter.Int32BitsToSingle(CanonicalNaNBits)
                : Canonical(Log(sum) - (xs[target] - max));
        }
    }

    public static void CrossEntropyGrad(Operator op, TensorView logits, TensorView targets, TensorView y)
    {
        for (int row = 0; row < logits.Rows; row++)
        {
            var ys = y.Row(row);
            int target = Positions.Read(targets.Span[row], ys.Length);
            float inverse = 1f / Exponentials(logits.Row(row), ys, out _);
            for (int i = 0; i < ys.Length; i++)
                ys[i] = Canonical((i == target ? (ys[i] * inverse) - 1f : ys[i] * inverse) * op.Factor);
            if (targets.Span[row] == -1f)
                ys.Clear();
            else if (target < 0)
                ys.Fill(BitConverter.Int32BitsToSingle(CanonicalNaNBits));
        }
    }

    private static float Exponentials(Span<float> x, Span<float> e, out float max)
    {
        max = Sums.LanesMax(x);
        for (int i = 0; i < x.Length; i++)
            e[i] = Exp(x[i] - max);
        return Sums.Lanes(e);
    }
}
