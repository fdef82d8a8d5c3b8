using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Catalogue;

/// <summary>The shape rules of convolutions.</summary>
internal static class ConvolutionShapes
{
    /// <summary>Keeps every count of pixels within 32 bits.</summary>
    private const int MostPixels = 1 << 15;

    public static Shape Infer(Operator op, ReadOnlySpan<Shape> inputs)
    {
        CheckAttributes(op);
        var g = new ConvolutionGeometry(op);
        var check = new ShapeCheck(op, inputs);
        switch (op.Kind)
        {
            case K.Convolution:
                check = check.Operands("x", "w");
                int images = Images(check, inputs, 0, g.Pixels);
                if (inputs[1].Columns != (long)g.Taps * inputs[0].Columns)
                    throw check.Wrong(1, $"must have taps * channels = {(long)g.Taps * inputs[0].Columns} columns");
                return new(checked(images * g.OutputPixels), inputs[1].Rows);
            case K.ConvolutionGradInput:
                check = check.Operands("dy", "w");
                images = Images(check, inputs, 0, g.OutputPixels);
                if (inputs[1].Rows != inputs[0].Columns || inputs[1].Columns % g.Taps != 0)
                    throw check.Wrong(1, $"must have {inputs[0].Columns} rows, and {g.Taps} taps of channels as columns");
                return new(checked(images * g.Pixels), inputs[1].Columns / g.Taps);
            default:
                check = check.Operands("x", "dy");
                images = Images(check, inputs, 0, g.Pixels);
                if (inputs[1].Rows != (long)images * g.OutputPixels)
                    throw check.Wrong(1, $"must have {(long)images * g.OutputPixels} rows");
                return new(inputs[1].Columns, checked(g.Taps * inputs[0].Columns));
        }
    }

    private static void CheckAttributes(Operator op)
    {
        Check(op, nameof(op.Height), op.Height, 1, MostPixels);
        Check(op, nameof(op.Width), op.Width, 1, MostPixels);
        Check(op, nameof(op.KernelHeight), op.KernelHeight, 1, 255);
        Check(op, nameof(op.KernelWidth), op.KernelWidth, 1, 255);
        Check(op, nameof(op.Stride), op.Stride, 1, 255);
        Check(op, nameof(op.Padding), op.Padding, 0, Math.Min(op.KernelHeight, op.KernelWidth) - 1);
        if (op.Height + (2 * op.Padding) < op.KernelHeight || op.Width + (2 * op.Padding) < op.KernelWidth)
            throw new ShapeException(op.Kind, "KernelHeight", "and KernelWidth must fit into the padded image");
    }

    private static void Check(Operator op, string name, int value, int least, int most)
    {
        if (value < least || value > most)
            throw new ShapeException(op.Kind, name, $"must be from {least} to {most}, not {value}");
    }

    private static int Images(ShapeCheck check, ReadOnlySpan<Shape> inputs, int index, int pixels) =>
        inputs[index].Rows % pixels == 0
            ? inputs[index].Rows / pixels
            : throw check.Wrong(index, $"row count must be a multiple of {pixels}, the pixels of an image");
}
