namespace Starling.Arithmetic.Catalogue;

/// <summary>How the pixels of a convolution's input and output lie in the rows.</summary>
public readonly struct ConvolutionGeometry(Operator op)
{
    public int Height { get; } = op.Height;

    public int Width { get; } = op.Width;

    public int KernelHeight { get; } = op.KernelHeight;

    public int KernelWidth { get; } = op.KernelWidth;

    public int Stride { get; } = op.Stride;

    public int Padding { get; } = op.Padding;

    public int Taps { get; } = op.KernelHeight * op.KernelWidth;

    public int OutputHeight { get; } = Windows(op.Height, op.KernelHeight, op);

    public int OutputWidth { get; } = Windows(op.Width, op.KernelWidth, op);

    /// <summary>Rows of an image that is read.</summary>
    public int Pixels => Height * Width;

    /// <summary>Rows of an image that is written.</summary>
    public int OutputPixels => OutputHeight * OutputWidth;

    /// <summary>The row of x that a window's tap reads, or -1 outside the image.</summary>
    public long InputRow(long outputRow, int tap)
    {
        long image = outputRow / OutputPixels;
        int pixel = (int)(outputRow % OutputPixels);
        int line = (pixel / OutputWidth * Stride) - Padding + (tap / KernelWidth);
        int column = (pixel % OutputWidth * Stride) - Padding + (tap % KernelWidth);
        return (uint)line < (uint)Height && (uint)column < (uint)Width ? (image * Pixels) + (line * Width) + column : -1;
    }

    /// <summary>The row of y whose window reads a row of x with a tap, or -1 where there is none.</summary>
    public long OutputRow(long inputRow, int tap)
    {
        long image = inputRow / Pixels;
        int pixel = (int)(inputRow % Pixels);
        int line = (pixel / Width) + Padding - (tap / KernelWidth), column = (pixel % Width) + Padding - (tap % KernelWidth);
        bool starts = line >= 0 && column >= 0 && line % Stride == 0 && column % Stride == 0;
        return starts && line / Stride < OutputHeight && column / Stride < OutputWidth
            ? (image * OutputPixels) + (line / Stride * OutputWidth) + (column / Stride)
            : -1;
    }

    private static int Windows(int pixels, int kernel, Operator op) =>
        op.Stride < 1 ? 0 : ((pixels + (2 * op.Padding) - kernel) / op.Stride) + 1;
}
