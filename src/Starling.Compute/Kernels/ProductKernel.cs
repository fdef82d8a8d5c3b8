using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>The product operator: transposes are strides, a part of the output is a pair of offsets.</summary>
internal static unsafe class ProductKernel
{
    /// <summary>Columns of C over which all k pass before the next columns: C stays in the caches meanwhile.</summary>
    private const int ChunkColumns = 4096;

    public static void Run<L, V>(Scratch scratch, Operator op, TensorView a, TensorView b, TensorView y, Cut cut)
        where L : struct, ILanes<V>
        where V : struct
    {
        Matrix left = Left(op, a).From(cut.Top, 0), right = Right(op, b).From(0, cut.Left);
        int k = Depth(op, a);
        if (cut.Rows < LargeGemm.LeastRows)
            for (int at = 0; at < cut.Columns; at += ChunkColumns)
                Gemm.Run<L, V>(
                    scratch.Floats(Gemm.ScratchFloats(L.Width)), left, right.From(0, at), Target(y, cut) + at, y.Columns,
                    cut.Rows, Math.Min(ChunkColumns, cut.Columns - at), k, 0, Ending.Last);
        else
            LargeGemm.Run<L, V>(
                scratch.Floats(LargeGemm.ScratchFloats(cut.Columns, k)), left, right, Target(y, cut), y.Columns,
                cut.Rows, cut.Columns, k);
    }

    public static void RunPacked<L, V>(
        Scratch scratch, Operator op, TensorView a, PackedMatrix b, TensorView y, Cut cut)
        where L : struct, ILanes<V>
        where V : struct =>
        PackedGemm.Run<L, V>(
            scratch.Floats(PackedGemm.ScratchFloats), Left(op, a).From(cut.Top, 0),
            b.Panel(cut.Left / b.PanelColumns), b.PanelFloats, Target(y, cut), y.Columns, cut.Rows, cut.Columns,
            b.Shape.Rows);

    /// <summary>Packs a right operand whole.</summary>
    public static PackedMatrix Pack<L, V>(Operator op, TensorView b)
        where L : struct, ILanes<V>
        where V : struct
    {
        var packed = new PackedMatrix(op.TransposeRight ? new Shape(b.Columns, b.Rows) : b.Shape, 2 * L.Width);
        for (int panel = 0; panel < packed.Panels; panel++)
            Panels.Pack<L, V>(Right(op, b), panel, packed);
        return packed;
    }

    private static Matrix Left(Operator op, TensorView a) =>
        op.TransposeLeft ? new Matrix(a.Data, 1, a.Columns) : new Matrix(a.Data, a.Columns, 1);

    private static Matrix Right(Operator op, TensorView b) =>
        op.TransposeRight ? new Matrix(b.Data, 1, b.Columns) : new Matrix(b.Data, b.Columns, 1);

    private static int Depth(Operator op, TensorView a) => op.TransposeLeft ? a.Rows : a.Columns;

    private static float* Target(TensorView y, Cut cut) => y.Data + ((long)cut.Top * y.Columns) + cut.Left;
}
