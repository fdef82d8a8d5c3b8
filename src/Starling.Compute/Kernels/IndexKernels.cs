using System.Runtime.CompilerServices;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;

namespace Starling.Compute.Kernels;

/// <summary>Lookups, their gradient, rotary embedding and cache writes.</summary>
internal static unsafe class IndexKernels
{
    private const int Depth = 256;

    public static void Embedding<L, V>(TensorView ids, TensorView table, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (int r = 0; r < y.Rows; r++)
        {
            int id = Positions.Read(ids.Data[r], table.Rows);
            float* target = y.Data + ((long)r * y.Columns);
            if (id < 0)
                Map.Run<L, V, FillMap>(new(float.NaN), target, y.Columns);
            else
                Map.Run<L, V, CopyMap>(new(table.Data + ((long)id * y.Columns)), target, y.Columns);
        }
    }

    /// <summary>
    /// Per block of 256 positions, a slot of scratch for each id met; the slots are then added to the table's rows. The
    /// slot of an id and whether its row has a sum yet are kept in <c>slots</c> (0 none, -1 row has a sum, else slot + 1).
    /// </summary>
    public static void EmbeddingGrad<L, V>(Scratch scratch, Operator op, TensorView ids, TensorView dy, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        int columns = y.Columns, blockRows = Math.Min(Depth, dy.Rows);
        float* sums = scratch.Floats(Scratch.Align((long)blockRows * columns) + (2L * op.Rows) + blockRows);
        int* slots = (int*)(sums + Scratch.Align((long)blockRows * columns)), started = slots + op.Rows;
        int* met = started + op.Rows;
        new Span<int>(slots, 2 * op.Rows).Clear();
        y.Span.Clear();
        for (int from = 0; from < dy.Rows; from += Depth)
        {
            int count = 0;
            for (int i = from; i < Math.Min(from + Depth, dy.Rows); i++)
            {
                int id = Positions.Read(ids.Data[i], op.Rows);
                if (id < 0)
                    continue;
                float* row = dy.Data + ((long)i * columns);
                if (slots[id] == 0)
                {
                    met[count] = id;
                    slots[id] = ++count;
                    new Span<float>(sums + ((long)(count - 1) * columns), columns).Clear();
                }

                float* sum = sums + ((long)(slots[id] - 1) * columns);
                Accumulate<L, V>(sum, row, columns);
            }

            for (int slot = 0; slot < count; slot++)
            {
                int id = met[slot];
                float* row = y.Data + ((long)id * columns), sum = sums + ((long)slot * columns);
                if (started[id] == 0)
                    new Span<float>(sum, columns).CopyTo(new Span<float>(row, columns));
                else
                    Accumulate<L, V>(row, sum, columns);
                (slots[id], started[id]) = (0, 1);
            }
        }

        Map.Run<L, V, CopyMap>(new(y.Data), y.Data, y.Shape.Elements);
    }

    /// <summary>Angles once per row, then all heads.</summary>
    public static void Rope<L, V>(Scratch scratch, Operator op, TensorView x, TensorView positions, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        int half = op.HeadSize / 2;
        float* frequency = scratch.Floats(3 * Scratch.Align(half));
        float* cos = frequency + Scratch.Align(half), sin = cos + Scratch.Align(half);
        for (int i = 0; i < half; i++)
            frequency[i] = RotaryFrequency.Of(op, i);
        float sign = op.Inverse ? -1f : 1f;
        for (int r = 0; r < x.Rows; r++)
        {
            Map.Run<L, V, AngleMap>(new(frequency, positions.Data[r], false), cos, half);
            Map.Run<L, V, AngleMap>(new(frequency, positions.Data[r], true), sin, half);
            for (int head = 0; head < op.Heads; head++)
            {
                long at = ((long)r * x.Columns) + (head * op.HeadSize);
                Turn<L, V>(x.Data + at, cos, sin, sign, y.Data + at, half);
            }
        }
    }

    public static void CacheWrite<L, V>(Operator op, TensorView cache, TensorView rows, TensorView positions, TensorView y)
        where L : struct, ILanes<V>
        where V : struct
    {
        if (y.Data != cache.Data)
            cache.Span.CopyTo(y.Span);
        for (int r = 0; r < rows.Rows; r++)
        {
            int position = Positions.Read(positions.Data[r], op.KeyRows);
            if (position < 0)
                continue;
            long row = ((long)(r / op.QueryRows) * op.KeyRows) + position;
            Map.Run<L, V, CopyMap>(
                new(rows.Data + ((long)r * rows.Columns)), y.Data + (row * y.Columns), y.Columns);
        }
    }

    /// <summary>Both halves are read before either is written, so that x may be y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn<L, V>(float* x, float* cos, float* sin, float sign, float* y, int half)
        where L : struct, ILanes<V>
        where V : struct
    {
        int i = 0;
        for (; i <= half - L.Width; i += L.Width)
            TurnAt<L, V>(x + i, cos + i, sin + i, sign, y + i, half);
        for (; i < half; i++)
            TurnAt<Lanes1, float>(x + i, cos + i, sin + i, sign, y + i, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnAt<L, V>(float* x, float* cos, float* sin, float sign, float* y, int half)
        where L : struct, ILanes<V>
        where V : struct
    {
        V a = L.Load(x), b = L.Load(x + half), c = L.Load(cos), s = L.Multiply(L.Load(sin), L.Broadcast(sign));
        V first = L.Fma(a, c, Functions.Negate<L, V>(L.Multiply(b, s))), second = L.Fma(b, c, L.Multiply(a, s));
        L.Store(y, Functions.Canonical<L, V>(first));
        L.Store(y + half, Functions.Canonical<L, V>(second));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<L, V>(float* sum, float* row, int count)
        where L : struct, ILanes<V>
        where V : struct
    {
        int i = 0;
        for (; i <= count - L.Width; i += L.Width)
            L.Store(sum + i, L.Add(L.Load(sum + i), L.Load(row + i)));
        for (; i < count; i++)
            sum[i] += row[i];
    }
}
