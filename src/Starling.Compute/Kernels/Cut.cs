using Starling.Arithmetic;

namespace Starling.Compute.Kernels;

/// <summary>A rectangle of a product's output; its left edge is the edge of a panel.</summary>
internal readonly record struct Cut(int Top, int Rows, int Left, int Columns)
{
    public static Cut Whole(Shape shape) => new(0, shape.Rows, 0, shape.Columns);

    /// <summary>Part of a shape cut in bands of rows, at multiples of <paramref name="grain"/> rows.</summary>
    public static Cut OfRows(Shape shape, int grain, int part, int parts)
    {
        var (from, to) = Between(shape.Rows, grain, part, parts);
        return new(from, to - from, 0, shape.Columns);
    }

    /// <summary>Part of a shape cut in bands of columns, at multiples of <paramref name="grain"/> columns.</summary>
    public static Cut OfColumns(Shape shape, int grain, int part, int parts)
    {
        var (from, to) = Between(shape.Columns, grain, part, parts);
        return new(0, shape.Rows, from, to - from);
    }

    /// <summary>Equal shares of whole grains; the last share takes what is left of a grain.</summary>
    public static (int From, int To) Between(int count, int grain, int part, int parts)
    {
        long grains = ((long)count + grain - 1) / grain;
        long from = grains * part / parts * grain, to = grains * (part + 1) / parts * grain;
        return ((int)Math.Min(from, count), (int)Math.Min(to, count));
    }
}
