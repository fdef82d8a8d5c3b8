using Starling.Arithmetic.Catalogue;
using static System.MathF;
using static Starling.Arithmetic.Elementary.Functions;

namespace Starling.Arithmetic.Reference;

/// <summary>RMSNorm and LayerNorm with their gradients; means are row sums by lanes divided by the column count.</summary>
internal static class Norms
{
    public static void RmsNorm(Operator op, TensorView x, TensorView gain, TensorView y)
    {
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> xs = x.Row(row);
            Span<float> gs = gain.Span;
            Span<float> ys = y.Row(row);
            float r = RmsScale(op, xs);
            for (int i = 0; i < xs.Length; i++)
                ys[i] = Canonical(xs[i] * r * gs[i]);
        }
    }

    public static void RmsNormGradInput(Operator op, TensorView x, TensorView gain, TensorView dy, TensorView dx)
    {
        var h = new float[x.Columns];
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> xs = x.Row(row);
            Span<float> gs = gain.Span;
            Span<float> ds = dy.Row(row);
            Span<float> ys = dx.Row(row);
            float r = RmsScale(op, xs);
            for (int i = 0; i < xs.Length; i++)
                h[i] = gs[i] * ds[i];
            float c = r * r * r * (Sums.LanesDot(h, xs) / xs.Length);
            for (int i = 0; i < xs.Length; i++)
                ys[i] = Canonical(FusedMultiplyAdd(h[i], r, -(xs[i] * c)));
        }
    }

    public static void RmsNormGradGain(Operator op, TensorView x, TensorView dy, TensorView y)
    {
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> xs = x.Row(row);
            Span<float> ds = dy.Row(row);
            Span<float> ys = y.Row(row);
            float r = RmsScale(op, xs);
            for (int i = 0; i < xs.Length; i++)
                ys[i] = Canonical(xs[i] * r * ds[i]);
        }
    }

    public static void LayerNorm(Operator op, TensorView x, TensorView gain, TensorView bias, TensorView y)
    {
        var n = new float[x.Columns];
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> gs = gain.Span;
            Span<float> bs = bias.Span;
            Span<float> ys = y.Row(row);
            Normalise(op, x.Row(row), n);
            for (int i = 0; i < n.Length; i++)
                ys[i] = Canonical(FusedMultiplyAdd(n[i], gs[i], bs[i]));
        }
    }

    public static void LayerNormGradInput(Operator op, TensorView x, TensorView gain, TensorView dy, TensorView dx)
    {
        var n = new float[x.Columns];
        var h = new float[x.Columns];
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> gs = gain.Span;
            Span<float> ds = dy.Row(row);
            Span<float> ys = dx.Row(row);
            float r = Normalise(op, x.Row(row), n);
            for (int i = 0; i < n.Length; i++)
                h[i] = gs[i] * ds[i];
            float mean = Sums.Lanes(h) / n.Length, slope = Sums.LanesDot(h, n) / n.Length;
            for (int i = 0; i < n.Length; i++)
                ys[i] = Canonical(FusedMultiplyAdd(n[i], -slope, h[i] - mean) * r);
        }
    }

    public static void LayerNormGradGain(Operator op, TensorView x, TensorView dy, TensorView y)
    {
        var n = new float[x.Columns];
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> ds = dy.Row(row);
            Span<float> ys = y.Row(row);
            Normalise(op, x.Row(row), n);
            for (int i = 0; i < n.Length; i++)
                ys[i] = Canonical(n[i] * ds[i]);
        }
    }

    private static float RmsScale(Operator op, Span<float> x) =>
        ReciprocalSqrt((Sums.LanesDot(x, x) / x.Length) + op.Epsilon);

    /// <summary>Writes (x - mean) * r and returns r = rsqrt(variance + Epsilon).</summary>
    private static float Normalise(Operator op, Span<float> x, Span<float> n)
    {
        float mean = Sums.Lanes(x) / x.Length;
        for (int i = 0; i < x.Length; i++)
            n[i] = x[i] - mean;
        float r = ReciprocalSqrt((Sums.LanesDot(n, n) / x.Length) + op.Epsilon);
        for (int i = 0; i < x.Length; i++)
            n[i] *= r;
        return r;
    }
}
