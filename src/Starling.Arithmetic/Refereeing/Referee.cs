using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// Recomputes one chunk (up to 256 columns of one row: 1 KiB) of any operator's output with the scalar reference, from
/// the regions that its decomposition names and nothing else.
/// </summary>
public static unsafe class Referee
{
    public const int ChunkColumns = 256;

    private static readonly ScalarBackend Scalar = new();

    /// <summary>Chunks in one row of a tensor.</summary>
    public static int ChunksPerRow(Shape shape) => (shape.Columns + ChunkColumns - 1) / ChunkColumns;

    /// <summary>The chunk's values, as many as it has columns.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">The shapes of its operands.</param>
    /// <param name="row">Row of the output.</param>
    /// <param name="chunk">Chunk of that row: columns 256 * chunk and on.</param>
    /// <param name="read">Opens regions of the operands.</param>
    /// <exception cref="ShapeException">The operator cannot take these operands.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The output has no such chunk.</exception>
    public static float[] Recompute(Operator op, ReadOnlySpan<Shape> inputs, int row, int chunk, RegionReader read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var plan = Decompositions.Of(op, inputs, row, chunk, read);
        var views = new TensorView[plan.Inputs.Length];
        var owners = new float[plan.Inputs.Length + 1][];
        for (int i = 0; i < views.Length; i++)
        {
            views[i] = Pin(plan.Inputs[i].Shape, out owners[i]);
            if (i == plan.Indices)
                plan.NewIndices!.CopyTo(owners[i], 0);
            else
                read(i, plan.Inputs[i], owners[i]);
        }

        var output = Pin(plan.Output, out owners[^1]);
        Scalar.Run(plan.Operator, views, output);
        var wanted = output.Row(plan.Wanted.Row).Slice(plan.Wanted.Column, plan.Wanted.Columns).ToArray();
        GC.KeepAlive(owners);
        return wanted;
    }

    private static TensorView Pin(Shape shape, out float[] owner)
    {
        owner = GC.AllocateArray<float>(checked((int)shape.Elements), pinned: true);
        return new TensorView((float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(owner)), shape);
    }
}
