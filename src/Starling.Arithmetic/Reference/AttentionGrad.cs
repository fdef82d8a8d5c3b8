using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Elementary.Functions;

namespace Starling.Arithmetic.Reference;

/// <summary>
/// Gradients of causal attention. Probabilities are recomputed as exp(fma(score, scale, -logsum)); the score's
/// gradient is ds = p * (dy . v - rowdot). Sums over keys or over the sequence's query rows are chains by absolute
/// index without the pairs that do not attend; under grouped queries the heads' totals are added in ascending order.
/// </summary>
internal static unsafe class AttentionGrad
{
    public static void Query(Operator op, ReadOnlySpan<TensorView> inputs, TensorView dq)
    {
        var g = new AttentionGeometry(op);
        var (q, k, positions) = (inputs[0], inputs[1], inputs[3]);
        var slopes = new float[op.KeyRows];
        for (int row = 0; row < q.Rows; row++)
            for (int head = 0; head < g.Heads; head++)
            {
                int keys = Positions.Read(positions.Data[row], g.KeyRows) + 1, first = g.FirstKey(row);
                for (int j = 0; j < keys; j++)
                    slopes[j] = Slope(g, inputs, row, first + j, head);
                float* source = k.Data + ((long)first * k.Columns) + (head / g.Group * g.HeadSize);
                fixed (float* s = slopes)
                    for (int c = 0; c < g.HeadSize; c++)
                        dq.Row(row)[(head * g.HeadSize) + c] = Canonical(
                            keys == 0 ? float.NaN : Sums.Chain(s, 1, source + c, k.Columns, keys) * g.Scale);
            }
    }

    public static void Key(Operator op, ReadOnlySpan<TensorView> inputs, TensorView dk)
    {
        var g = new AttentionGeometry(op);
        var (q, positions) = (inputs[0], inputs[3]);
        var terms = new float[op.QueryRows];
        for (int key = 0; key < dk.Rows; key++)
            for (int head = 0; head < g.Heads; head++)
            {
                int first = key / g.KeyRows * g.QueryRows;
                for (int i = 0; i < g.QueryRows; i++)
                    if (Attends(g, positions, first + i, key))
                        terms[i] = Slope(g, inputs, first + i, key, head);
                Gather(g, terms, q, positions, key, head, dk);
            }

        for (long i = 0; i < dk.Shape.Elements; i++)
            dk.Data[i] = Canonical(dk.Data[i] * g.Scale);
    }

    public static void Value(Operator op, ReadOnlySpan<TensorView> inputs, TensorView dv)
    {
        var g = new AttentionGeometry(op);
        var (q, k, positions, dy, logSum) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]);
        var terms = new float[op.QueryRows];
        for (int key = 0; key < dv.Rows; key++)
            for (int head = 0; head < g.Heads; head++)
            {
                int first = key / g.KeyRows * g.QueryRows;
                for (int i = 0; i < g.QueryRows; i++)
                    if (Attends(g, positions, first + i, key))
                        terms[i] = Probability(g, q, k, logSum, first + i, key, head);
                Gather(g, terms, dy, positions, key, head, dv);
            }

        for (long i = 0; i < dv.Shape.Elements; i++)
            dv.Data[i] = Canonical(dv.Data[i]);
    }

    /// <summary>Sums terms[i] * source row i over the attending query rows; the group's later heads are added on.</summary>
    private static void Gather(
        in AttentionGeometry g, float[] terms, TensorView source, TensorView positions, int key, int head,
        TensorView target)
    {
        int first = key / g.KeyRows * g.QueryRows;
        for (int c = 0; c < g.HeadSize; c++)
        {
            var sum = default(ChainSum);
            for (int i = 0; i < g.QueryRows; i++)
                if (Attends(g, positions, first + i, key))
                    sum.Add(i, terms[i], source.Row(first + i)[(head * g.HeadSize) + c]);
            ref float y = ref target.Row(key)[(head / g.Group * g.HeadSize) + c];
            y = head % g.Group == 0 ? sum.Total() : y + sum.Total();
        }
    }

    private static bool Attends(in AttentionGeometry g, TensorView positions, int row, int key) =>
        Positions.Read(positions.Data[row], g.KeyRows) >= key % g.KeyRows;

    private static float Probability(
        in AttentionGeometry g, TensorView q, TensorView k, TensorView logSum, int row, int key, int head) =>
        Exp(MathF.FusedMultiplyAdd(Attention.Score(g, q, k, row, key, head), g.Scale, -logSum.Row(row)[head]));

    /// <summary>inputs: q, k, v, positions, dy, logsum, rowdot.</summary>
    private static float Slope(in AttentionGeometry g, ReadOnlySpan<TensorView> inputs, int row, int key, int head)
    {
        float p = Probability(g, inputs[0], inputs[1], inputs[5], row, key, head);
        float dp = Attention.Score(g, inputs[4], inputs[2], row, key, head);
        return p * (dp - inputs[6].Row(row)[head]);
    }
}
