using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;
using Vector = System.Runtime.Intrinsics.Vector128<float>;

namespace Starling.Compute.Kernels;

/// <summary>
/// Attention of one query row per sequence, as decoding has it: keys and values are read once where they lie, since one row
/// does not pay for packing them.
/// </summary>
internal static unsafe class DecodeAttention
{
    private const int Depth = 256, KeysAtOnce = 16, LineFloats = 16;

    public static bool Fits(in AttentionCall call) =>
        call.Operator.QueryRows == 1 && call.WantsY && !call.WantsLogSum && !call.IsGradient && call.Operator.HeadSize % 4 == 0;

    /// <summary>All query heads of one key head of one sequence.</summary>
    public static void Unit<L, V>(Scratch scratch, in AttentionCall call, int sequence, int keyHead)
        where L : struct, ILanes<V>
        where V : struct
    {
        AttentionGeometry g = new(call.Operator);
        int size = g.HeadSize, keys = Positions.Read(call.Positions.Data[sequence], g.KeyRows) + 1;
        float* scores = scratch.Floats(Scratch.Align(g.KeyRows + 32L) + (2 * Scratch.Align(size)));
        float* total = scores + Scratch.Align(g.KeyRows + 32L), part = total + Scratch.Align(size);
        long first = (long)sequence * g.KeyRows;
        float* key = call.K.Data + (first * call.K.Columns) + (keyHead * size);
        float* value = call.V.Data + (first * call.V.Columns) + (keyHead * size);
        for (int head = keyHead * g.Group; head < (keyHead + 1) * g.Group; head++)
        {
            long at = ((long)sequence * call.Q.Columns) + ((long)head * size);
            if (keys == 0)
            {
                Map.Run<L, V, FillMap>(new(float.NaN), call.Y.Data + at, size);
                continue;
            }

            Score(call.Q.Data + at, key, call.K.Columns, size, keys, g.KeyRows, scores);
            float sum = AttentionForward.Weights<L, V>(scores, g.Scale, scores, keys, out _);
            Mix<L, V>(scores, value, call.V.Columns, size, keys, total, part);
            Map.Run<L, V, ScaleMap>(new(total, 1f / sum), call.Y.Data + at, size);
        }
    }

    /// <summary>
    /// target[j] = q . key j, unscaled, for at least <paramref name="count"/> keys; some are computed in vain so that
    /// groups are whole, but none beyond the <paramref name="rows"/> that there are.
    /// </summary>
    private static void Score(float* q, float* keys, nint keyRow, int size, int count, int rows, float* target)
    {
        int key = 0;
        for (; key < count && key + KeysAtOnce <= rows; key += KeysAtOnce)
            Sixteen(q, keys + (key * keyRow), keyRow, size, target + key);
        for (; key < count; key++)
        {
            float sum = 0f;
            for (int i = 0; i < size; i++)
                sum = MathF.FusedMultiplyAdd(q[i], keys[(key * keyRow) + i], sum);
            target[key] = sum;
        }
    }

    /// <summary>Four groups of four keys, each a vector of chains over the head's elements, turned across in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sixteen(float* q, float* keys, nint row, int size, float* target)
    {
        float* k0 = keys, k1 = keys + (4 * row), k2 = keys + (8 * row), k3 = keys + (12 * row);
        Vector s0 = Vector.Zero, s1 = Vector.Zero, s2 = Vector.Zero, s3 = Vector.Zero;
        for (int i = 0; i < size; i += 4)
        {
            if (Sse.IsSupported && i % LineFloats == 0)
                for (int next = KeysAtOnce; next < 2 * KeysAtOnce; next++)
                    Sse.Prefetch0(keys + (next * row) + i);
            Vector four = Vector128.Load(q + i);
            s0 = FourKeys(k0 + i, row, four, s0);
            s1 = FourKeys(k1 + i, row, four, s1);
            s2 = FourKeys(k2 + i, row, four, s2);
            s3 = FourKeys(k3 + i, row, four, s3);
        }

        s0.Store(target);
        s1.Store(target + 4);
        s2.Store(target + 8);
        s3.Store(target + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector FourKeys(float* key, nint row, Vector q, Vector sums)
    {
        Vector v0 = Vector128.Load(key), v1 = Vector128.Load(key + row);
        Vector v2 = Vector128.Load(key + (2 * row)), v3 = Vector128.Load(key + (3 * row));
        Vector low02 = Panels.ZipLow(v0, v2), high02 = Panels.ZipHigh(v0, v2);
        Vector low13 = Panels.ZipLow(v1, v3), high13 = Panels.ZipHigh(v1, v3);
        sums = Lanes128.Fma(Vector128.Shuffle(q, Vector128.Create(0, 0, 0, 0)), Panels.ZipLow(low02, low13), sums);
        sums = Lanes128.Fma(Vector128.Shuffle(q, Vector128.Create(1, 1, 1, 1)), Panels.ZipHigh(low02, low13), sums);
        sums = Lanes128.Fma(Vector128.Shuffle(q, Vector128.Create(2, 2, 2, 2)), Panels.ZipLow(high02, high13), sums);
        return Lanes128.Fma(Vector128.Shuffle(q, Vector128.Create(3, 3, 3, 3)), Panels.ZipHigh(high02, high13), sums);
    }

    /// <summary>total = the chain over keys of weight . value.</summary>
    private static void Mix<L, V>(float* weights, float* values, nint row, int size, int keys, float* total, float* part)
        where L : struct, ILanes<V>
        where V : struct
    {
        for (int from = 0; from < keys; from += Depth)
        {
            float* target = from == 0 ? total : part;
            int count = Math.Min(Depth, keys - from), column = 0;
            for (; column <= size - (8 * L.Width); column += 8 * L.Width)
                Eight<L, V>(weights + from, values + (from * row) + column, row, count, target + column);
            new Span<float>(target + column, size - column).Clear();
            Rows.AddMultiples<L, V>(
                weights + from, values + (from * row) + column, row, 0, count, target + column, size - column);
            if (from > 0)
                Map.Within<L, V, AddMap>(new(total, part), total, size);
        }
    }

    /// <summary>Eight vectors of columns in one pass over the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<L, V>(float* weights, float* value, nint row, int count, float* target)
        where L : struct, ILanes<V>
        where V : struct
    {
        int w = L.Width;
        V s0 = L.Broadcast(0f), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (int j = 0; j < count; j++, value += row)
        {
            if (Sse.IsSupported)
                for (int i = 0; i < 8 * w; i += LineFloats)
                    Sse.Prefetch0(value + (KeysAtOnce * row) + i);
            V weight = L.Broadcast(weights[j]);
            s0 = L.Fma(weight, L.Load(value), s0);
            s1 = L.Fma(weight, L.Load(value + w), s1);
            s2 = L.Fma(weight, L.Load(value + (2 * w)), s2);
            s3 = L.Fma(weight, L.Load(value + (3 * w)), s3);
            s4 = L.Fma(weight, L.Load(value + (4 * w)), s4);
            s5 = L.Fma(weight, L.Load(value + (5 * w)), s5);
            s6 = L.Fma(weight, L.Load(value + (6 * w)), s6);
            s7 = L.Fma(weight, L.Load(value + (7 * w)), s7);
        }

        L.Store(target, s0);
        L.Store(target + w, s1);
        L.Store(target + (2 * w), s2);
        L.Store(target + (3 * w), s3);
        L.Store(target + (4 * w), s4);
        L.Store(target + (5 * w), s5);
        L.Store(target + (6 * w), s6);
        L.Store(target + (7 * w), s7);
    }
}
