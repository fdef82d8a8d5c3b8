using Starling.Arithmetic.Catalogue;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// A convolution's chunks: the lines of one image that the pixel's windows touch, at least as many as the kernel is high;
/// for the gradient by w every line, of the channels that the chunk touches.
/// </summary>
internal static class ConvolutionDecompositions
{
    public static Decomposition Of(Operator op, ReadOnlySpan<Shape> inputs, Region at)
    {
        var g = new ConvolutionGeometry(op);
        return op.Kind switch
        {
            K.Convolution => Forward(op, g, inputs, at),
            K.ConvolutionGradInput => GradInput(op, g, inputs, at),
            _ => GradWeight(op, inputs, at),
        };
    }

    /// <summary>The image begins a whole number of strides above, so that the window lies in it as in the whole image.</summary>
    private static Decomposition Forward(Operator op, in ConvolutionGeometry g, ReadOnlySpan<Shape> inputs, Region at)
    {
        int image = at.Row / g.OutputPixels, line = at.Row % g.OutputPixels / g.OutputWidth;
        int local = Math.Min(line, (g.Padding + g.Stride - 1) / g.Stride), start = (line - local) * g.Stride;
        int height = Math.Min(g.Height, (line * g.Stride) - g.Padding + g.KernelHeight) - start;
        var small = op with { Height = height };
        var x = new Region((image * g.Pixels) + (start * g.Width), height * g.Width, 0, inputs[0].Columns);
        var w = new Region(at.Column, at.Columns, 0, inputs[1].Columns);
        int row = (local * g.OutputWidth) + (at.Row % g.OutputWidth);
        return new(small, [x, w], new(new ConvolutionGeometry(small).OutputPixels, at.Columns), new(row, 1, 0, at.Columns));
    }

    /// <summary>The output's lines whose windows may reach the pixel's line, the pixel's own place among them.</summary>
    private static Decomposition GradInput(Operator op, in ConvolutionGeometry g, ReadOnlySpan<Shape> inputs, Region at)
    {
        int image = at.Row / g.Pixels, line = at.Row % g.Pixels / g.Width;
        int above = Math.Max(0, line + g.Padding - g.KernelHeight + 1);
        int first = Math.Min(Math.Min((above + g.Stride - 1) / g.Stride, line / g.Stride), g.OutputHeight - 1);
        int last = Math.Clamp((line + g.Padding) / g.Stride, first, g.OutputHeight - 1), lines = last - first + 1;
        int local = line - (first * g.Stride);
        var small = op with { Height = Math.Max(local + 1, ((lines - 1) * g.Stride) + g.KernelHeight - (2 * g.Padding)) };
        var dy = new Region(
            (image * g.OutputPixels) + (first * g.OutputWidth), lines * g.OutputWidth, 0, inputs[0].Columns);
        int row = (local * g.Width) + (at.Row % g.Width);
        return new(small, [dy, new(0, inputs[1].Rows, 0, inputs[1].Columns)],
            new(small.Height * g.Width, inputs[1].Columns / g.Taps), at with { Row = row });
    }

    /// <summary>One filter; a chunk within one tap needs its own channels alone.</summary>
    private static Decomposition GradWeight(Operator op, ReadOnlySpan<Shape> inputs, Region at)
    {
        int channels = inputs[0].Columns, tap = at.Column / channels;
        bool oneTap = (at.Column + at.Columns - 1) / channels == tap;
        int first = oneTap ? at.Column % channels : 0, count = oneTap ? at.Columns : channels;
        int taps = op.KernelHeight * op.KernelWidth, column = oneTap ? tap * count : at.Column;
        return new(op, [new(0, inputs[0].Rows, first, count), new(0, inputs[1].Rows, at.Row, 1)],
            new(1, taps * count), new(0, 1, column, at.Columns));
    }
}
