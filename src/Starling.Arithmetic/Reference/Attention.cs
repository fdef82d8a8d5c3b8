using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Elementary.Functions;

namespace Starling.Arithmetic.Reference;

/// <summary>
/// Causal attention, one query row and head at a time. A row at position p sees keys 0..p of its sequence and no
/// other value of the cache is read, so a decoding step gives the bits of the same row of a prefill. Scores are
/// chains over the head; the maximum is taken over all keys, exponentials are summed by lanes within blocks of 256 keys;
/// values are mixed by chain over the key index with the unnormalised exponentials, then scaled by 1 / sum.
/// A position outside the cache gives NaN.
/// </summary>
internal static unsafe class Attention
{
    public static void Forward(
        Operator op, TensorView q, TensorView k, TensorView v, TensorView positions, TensorView y)
    {
        var g = new AttentionGeometry(op);
        var weights = new float[op.KeyRows];
        for (int row = 0; row < q.Rows; row++)
            for (int head = 0; head < g.Heads; head++)
            {
                var target = y.Row(row).Slice(head * g.HeadSize, g.HeadSize);
                int keys = Positions.Read(positions.Data[row], g.KeyRows) + 1;
                target.Fill(BitConverter.Int32BitsToSingle(CanonicalNaNBits));
                if (keys > 0)
                    Mix(g, q, k, v, row, head, weights.AsSpan(0, keys), target);
            }
    }

    public static void LogSum(Operator op, TensorView q, TensorView k, TensorView positions, TensorView y)
    {
        var g = new AttentionGeometry(op);
        var weights = new float[op.KeyRows];
        for (int row = 0; row < q.Rows; row++)
            for (int head = 0; head < g.Heads; head++)
            {
                int keys = Positions.Read(positions.Data[row], g.KeyRows) + 1;
                float sum = Weights(g, q, k, row, head, weights.AsSpan(0, keys), out float max);
                y.Row(row)[head] = Canonical(keys == 0 ? float.NaN : max + Log(sum));
            }
    }

    /// <summary>The chain q . k over the head, unscaled.</summary>
    public static float Score(in AttentionGeometry g, TensorView q, TensorView k, int row, int key, int head)
    {
        float* a = q.Data + ((long)row * q.Columns) + (head * g.HeadSize);
        float* b = k.Data + ((long)key * k.Columns) + (head / g.Group * g.HeadSize);
        return Sums.Chain(a, 1, b, 1, g.HeadSize);
    }

    private static void Mix(
        in AttentionGeometry g, TensorView q, TensorView k, TensorView v, int row, int head,
        Span<float> weights, Span<float> target)
    {
        float inverse = 1f / Weights(g, q, k, row, head, weights, out _);
        float* values = v.Data + ((long)g.FirstKey(row) * v.Columns) + (head / g.Group * g.HeadSize);
        fixed (float* w = weights)
            for (int c = 0; c < target.Length; c++)
                target[c] = Canonical(Sums.Chain(w, 1, values + c, v.Columns, weights.Length) * inverse);
    }

    /// <summary>Writes exp(score - max) of the first keys of the row's sequence and returns their sum.</summary>
    private static float Weights(
        in AttentionGeometry g, TensorView q, TensorView k, int row, int head, Span<float> weights, out float max)
    {
        for (int j = 0; j < weights.Length; j++)
            weights[j] = Score(g, q, k, row, g.FirstKey(row) + j, head) * g.Scale;
        max = Sums.LanesMax(weights);
        for (int j = 0; j < weights.Length; j++)
            weights[j] = Exp(weights[j] - max);
        return Sums.BlockedLanes(weights);
    }
}
