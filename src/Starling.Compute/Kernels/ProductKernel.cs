using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>The product operator: transposes are strides.</summary>
internal static unsafe class ProductKernel
{
    public static void Run<L, V>(Scratch scratch, Operator op, TensorView a, TensorView b, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        var left = op.TransposeLeft ? new Matrix(a.Data, 1, a.Columns) : new Matrix(a.Data, a.Columns, 1);
        var right = op.TransposeRight ? new Matrix(b.Data, 1, b.Columns) : new Matrix(b.Data, b.Columns, 1);
        int k = op.TransposeLeft ? a.Rows : a.Columns;
        float* memory = scratch.Floats(Gemm.ScratchFloats(L.Width));
        Gemm.Run<L, V>(memory, left, right, y.Data, y.Columns, y.Rows, y.Columns, k, 0, Ending.Last);
    }
}
