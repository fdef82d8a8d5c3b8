using System.Runtime.CompilerServices;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>Sums over rows, columns and groups of columns.</summary>
internal static unsafe class SumKernels
{
    private const int Depth = 256;

    public static void AddRow<L, V>(TensorView a, TensorView row, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (int r = 0; r < a.Rows; r++)
        {
            long at = (long)r * a.Columns;
            Map.Run<L, V, AddMap>(new(a.Data + at, row.Data), y.Data + at, a.Columns);
        }
    }

    public static void RowSumSquares<L, V>(TensorView a, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (int r = 0; r < a.Rows; r++)
        {
            float* x = a.Data + ((long)r * a.Columns);
            y.Data[r] = Functions.Canonical(RowSums.Dot<L, V>(x, x, a.Columns));
        }
    }

    public static void ColumnSum<L, V>(TensorView a, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        int c = 0;
        for (; c <= a.Columns - (4 * L.Width); c += 4 * L.Width)
            Strip<L, V>(a, c, y.Data + c);
        for (; c < a.Columns; c++)
            y.Data[c] = Functions.Canonical(Column(a, c));
    }

    /// <summary>Each group's chain runs alone, 4 vectors of rows side by side, from transposed copies.</summary>
    public static void RowDot<L, V>(Scratch scratch, Operator op, TensorView a, TensorView b, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        int width = 4 * L.Width, size = op.GroupColumns;
        float* left = scratch.Floats((2L * Depth * width) + (2 * width));
        float* right = left + (Depth * width), total = right + (Depth * width);
        for (int top = 0; top < a.Rows; top += width)
            for (int g = 0; g < y.Columns; g++)
            {
                int rows = Math.Min(width, a.Rows - top);
                long at = ((long)top * a.Columns) + ((long)g * size);
                for (int from = 0; from < size; from += Depth)
                {
                    int depth = Math.Min(Depth, size - from);
                    Panels.Transpose(a.Data + at + from, a.Columns, depth, rows, left, width, width);
                    Panels.Transpose(b.Data + at + from, b.Columns, depth, rows, right, width, width);
                    Chains<L, V>(left, right, depth, total, from == 0);
                }

                for (int r = 0; r < rows; r++)
                    y.Data[((long)(top + r) * y.Columns) + g] = Functions.Canonical(total[r]);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Chains<L, V>(float* left, float* right, int depth, float* total, bool first)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        V s0 = L.Broadcast(0f), s1 = s0, s2 = s0, s3 = s0;
        for (int i = 0; i < depth; i++, left += 4 * w, right += 4 * w)
        {
            s0 = L.Fma(L.Load(left), L.Load(right), s0);
            s1 = L.Fma(L.Load(left + w), L.Load(right + w), s1);
            s2 = L.Fma(L.Load(left + (2 * w)), L.Load(right + (2 * w)), s2);
            s3 = L.Fma(L.Load(left + (3 * w)), L.Load(right + (3 * w)), s3);
        }

        L.Store(total, first ? s0 : L.Add(L.Load(total), s0));
        L.Store(total + w, first ? s1 : L.Add(L.Load(total + w), s1));
        L.Store(total + (2 * w), first ? s2 : L.Add(L.Load(total + (2 * w)), s2));
        L.Store(total + (3 * w), first ? s3 : L.Add(L.Load(total + (3 * w)), s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strip<L, V>(TensorView a, int column, float* y)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        V t0 = L.Broadcast(0f), t1 = t0, t2 = t0, t3 = t0;
        for (int from = 0; from < a.Rows; from += Depth)
        {
            V s0 = L.Broadcast(0f), s1 = s0, s2 = s0, s3 = s0;
            float* x = a.Data + ((long)from * a.Columns) + column;
            for (int r = Math.Min(Depth, a.Rows - from); r > 0; r--, x += a.Columns)
            {
                s0 = L.Add(s0, L.Load(x));
                s1 = L.Add(s1, L.Load(x + w));
                s2 = L.Add(s2, L.Load(x + (2 * w)));
                s3 = L.Add(s3, L.Load(x + (3 * w)));
            }

            (t0, t1) = from == 0 ? (s0, s1) : (L.Add(t0, s0), L.Add(t1, s1));
            (t2, t3) = from == 0 ? (s2, s3) : (L.Add(t2, s2), L.Add(t3, s3));
        }

        L.Store(y, Functions.Canonical<L, V>(t0));
        L.Store(y + w, Functions.Canonical<L, V>(t1));
        L.Store(y + (2 * w), Functions.Canonical<L, V>(t2));
        L.Store(y + (3 * w), Functions.Canonical<L, V>(t3));
    }

    private static float Column(TensorView a, int column)
    {
        float total = 0f;
        for (int from = 0; from < a.Rows; from += Depth)
        {
            float sum = 0f;
            for (int r = from; r < Math.Min(from + Depth, a.Rows); r++)
                sum += a.Data[((long)r * a.Columns) + column];
            total = from == 0 ? sum : total + sum;
        }

        return total;
    }
}
