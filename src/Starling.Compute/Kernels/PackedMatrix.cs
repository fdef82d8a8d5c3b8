using Starling.Arithmetic;
using Starling.Compute.Tensors;

namespace Starling.Compute.Kernels;

/// <summary>
/// The right operand of products, copied once into the order in which register tiles read it: panels of two vectors of
/// columns, each with all its k in a row; the last panel is filled with zeros. Made by <see cref="VectorBackend.Pack"/>;
/// read by any number of calls and threads at once. It does not follow later changes of the matrix it was made from.
/// The caller owns it, and disposes it after the last call that reads it.
/// </summary>
public sealed unsafe class PackedMatrix : IDisposable
{
    private readonly NativeBuffer memory;

    internal PackedMatrix(Shape shape, int panelColumns)
    {
        Shape = shape;
        PanelColumns = panelColumns;
        Panels = (int)(((long)shape.Columns + panelColumns - 1) / panelColumns);
        memory = new NativeBuffer(checked((long)Panels * PanelFloats * sizeof(float)));
    }

    /// <summary>k x columns: the shape that multiplies from the right, whatever way the original was stored.</summary>
    public Shape Shape { get; }

    /// <summary>Native memory held.</summary>
    public long Bytes => Panels * PanelFloats * sizeof(float);

    internal int PanelColumns { get; }

    /// <summary>The width whose tiles read it.</summary>
    internal VectorWidth Width => (VectorWidth)(PanelColumns / 2 * 8 * sizeof(float));

    internal int Panels { get; }

    internal long PanelFloats => (long)Shape.Rows * PanelColumns;

    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    internal float* Panel(int index) => (float*)memory.Pointer + (index * PanelFloats);

    public void Dispose() => memory.Dispose();
}
