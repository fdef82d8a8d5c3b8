using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Elementary.Functions;

namespace Starling.Arithmetic.Reference;

/// <summary>
/// Convolutions as products with the matrix of windows, whose taps outside the image hold +0: terms like all others.
/// Chains run over (tap, channel) forward, over (tap, filter) by x, over output pixels by w.
/// </summary>
internal static unsafe class Convolutions
{
    public static void Forward(Operator op, TensorView x, TensorView w, TensorView y)
    {
        var g = new ConvolutionGeometry(op);
        for (int row = 0; row < y.Rows; row++)
            for (int filter = 0; filter < y.Columns; filter++)
            {
                var sum = default(ChainSum);
                for (int k = 0; k < w.Columns; k++)
                    sum.Add(k, At(x, g.InputRow(row, k / x.Columns), k % x.Columns), w.Row(filter)[k]);
                y.Row(row)[filter] = Canonical(sum.Total());
            }
    }

    public static void GradInput(Operator op, TensorView dy, TensorView w, TensorView dx)
    {
        var g = new ConvolutionGeometry(op);
        for (int row = 0; row < dx.Rows; row++)
            for (int channel = 0; channel < dx.Columns; channel++)
            {
                var sum = default(ChainSum);
                for (int tap = 0; tap < g.Taps; tap++)
                    for (int filter = 0; filter < dy.Columns; filter++)
                        sum.Add((tap * dy.Columns) + filter, At(dy, g.OutputRow(row, tap), filter),
                            w.Row(filter)[(tap * dx.Columns) + channel]);
                dx.Row(row)[channel] = Canonical(sum.Total());
            }
    }

    public static void GradWeight(Operator op, TensorView x, TensorView dy, TensorView dw)
    {
        var g = new ConvolutionGeometry(op);
        for (int filter = 0; filter < dw.Rows; filter++)
            for (int k = 0; k < dw.Columns; k++)
            {
                var sum = default(ChainSum);
                for (int row = 0; row < dy.Rows; row++)
                    sum.Add(row, dy.Row(row)[filter], At(x, g.InputRow(row, k / x.Columns), k % x.Columns));
                dw.Row(filter)[k] = Canonical(sum.Total());
            }
    }

    private static float At(TensorView tensor, long row, int column) =>
        row < 0 ? 0f : tensor.Data[(row * tensor.Columns) + column];
}
