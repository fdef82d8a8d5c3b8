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

    /// <summary>A block of rows at a time, so that each strip of it is read once from the cache that holds the block.</summary>
    public static void ColumnSum<L, V>(TensorView a, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        int wide = 8 * L.Width;
        for (int from = 0; from < a.Rows; from += Depth)
        {
            int rows = Math.Min(Depth, a.Rows - from), c = 0;
            float* x = a.Data + ((long)from * a.Columns);
            for (; c <= a.Columns - wide; c += wide)
                Strip<L, V>(x + c, a.Columns, rows, y.Data + c, from == 0);
            for (; c <= a.Columns - L.Width; c += L.Width)
                Column<L, V>(x + c, a.Columns, rows, y.Data + c, from == 0);
            for (; c < a.Columns; c++)
                Column<Lanes1, float>(x + c, a.Columns, rows, y.Data + c, from == 0);
        }

        Map.Run<L, V, CopyMap>(new(y.Data), y.Data, y.Columns);
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

    /// <summary>Sums of eight vectors of columns, which set the totals or are added to them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strip<L, V>(float* x, long row, int rows, float* y, bool first)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        V s0 = L.Broadcast(0f), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (; rows > 0; rows--, x += row)
        {
            s0 = L.Add(s0, L.Load(x));
            s1 = L.Add(s1, L.Load(x + w));
            s2 = L.Add(s2, L.Load(x + (2 * w)));
            s3 = L.Add(s3, L.Load(x + (3 * w)));
            s4 = L.Add(s4, L.Load(x + (4 * w)));
            s5 = L.Add(s5, L.Load(x + (5 * w)));
            s6 = L.Add(s6, L.Load(x + (6 * w)));
            s7 = L.Add(s7, L.Load(x + (7 * w)));
        }

        L.Store(y, first ? s0 : L.Add(L.Load(y), s0));
        L.Store(y + w, first ? s1 : L.Add(L.Load(y + w), s1));
        L.Store(y + (2 * w), first ? s2 : L.Add(L.Load(y + (2 * w)), s2));
        L.Store(y + (3 * w), first ? s3 : L.Add(L.Load(y + (3 * w)), s3));
        L.Store(y + (4 * w), first ? s4 : L.Add(L.Load(y + (4 * w)), s4));
        L.Store(y + (5 * w), first ? s5 : L.Add(L.Load(y + (5 * w)), s5));
        L.Store(y + (6 * w), first ? s6 : L.Add(L.Load(y + (6 * w)), s6));
        L.Store(y + (7 * w), first ? s7 : L.Add(L.Load(y + (7 * w)), s7));
    }

    /// <summary>As <see cref="Strip"/>, one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Column<L, V>(float* x, long row, int rows, float* y, bool first)
        where L : struct, ILanes<V>
        where V : struct
    {
        V sum = L.Broadcast(0f);
        for (; rows > 0; rows--, x += row)
            sum = L.Add(sum, L.Load(x));
        L.Store(y, first ? sum : L.Add(L.Load(y), sum));
    }
}
