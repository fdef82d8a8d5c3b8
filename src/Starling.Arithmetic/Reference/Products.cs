using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Elementary.Functions;

namespace Starling.Arithmetic.Reference;

/// <summary>Products and plain sums: <see cref="OperatorKind.Product"/> to <see cref="OperatorKind.RowDot"/>.</summary>
internal static unsafe class Products
{
    public static void Product(Operator op, TensorView a, TensorView b, TensorView y)
    {
        int k = op.TransposeLeft ? a.Rows : a.Columns;
        var (aRow, aStep) = op.TransposeLeft ? (1L, (long)a.Columns) : (a.Columns, 1L);
        var (bColumn, bStep) = op.TransposeRight ? ((long)b.Columns, 1L) : (1L, b.Columns);
        for (int r = 0; r < y.Rows; r++)
            for (int c = 0; c < y.Columns; c++)
                y.Row(r)[c] = Canonical(Sums.Chain(a.Data + (r * aRow), aStep, b.Data + (c * bColumn), bStep, k));
    }

    public static void ColumnSum(TensorView a, TensorView y)
    {
        float one = 1f;
        for (int c = 0; c < a.Columns; c++)
            y.Data[c] = Canonical(Sums.Chain(a.Data + c, a.Columns, &one, 0, a.Rows));
    }

    public static void RowSumSquares(TensorView a, TensorView y)
    {
        for (int r = 0; r < a.Rows; r++)
            y.Data[r] = Canonical(Sums.LanesDot(a.Row(r), a.Row(r)));
    }

    public static void RowDot(Operator op, TensorView a, TensorView b, TensorView y)
    {
        for (int r = 0; r < a.Rows; r++)
            for (int g = 0; g < y.Columns; g++)
            {
                long at = ((long)r * a.Columns) + ((long)g * op.GroupColumns);
                y.Row(r)[g] = Canonical(Sums.Chain(a.Data + at, 1, b.Data + at, 1, op.GroupColumns));
            }
    }
}
