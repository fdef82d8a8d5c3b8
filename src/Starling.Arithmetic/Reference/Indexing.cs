using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using static Starling.Arithmetic.Elementary.Functions;

namespace Starling.Arithmetic.Reference;

/// <summary>Operators that read rows by id or position: embedding, rotary embedding, cache.</summary>
internal static unsafe class Indexing
{
    /// <summary>An id outside the table gives a row of NaN.</summary>
    public static void Embedding(TensorView ids, TensorView table, TensorView y)
    {
        for (int r = 0; r < y.Rows; r++)
        {
            int id = Positions.Read(ids.Data[r], table.Rows);
            for (int c = 0; c < y.Columns; c++)
                y.Row(r)[c] = Canonical(id < 0 ? float.NaN : table.Row(id)[c]);
        }
    }

    /// <summary>An id outside the table is passed over.</summary>
    public static void EmbeddingGrad(Operator op, TensorView ids, TensorView dy, TensorView y)
    {
        for (int id = 0; id < op.Rows; id++)
            for (int c = 0; c < y.Columns; c++)
            {
                var sum = default(ChainSum);
                for (int i = 0; i < dy.Rows; i++)
                    if (Positions.Read(ids.Data[i], op.Rows) == id)
                        sum.Add(i, 1f, dy.Row(i)[c]);
                y.Row(id)[c] = Canonical(sum.Total());
            }
    }

    /// <summary>
    /// Pairs (i, i + HeadSize / 2) of each head turn by position * frequency, the Hugging Face layout:
    /// first = fma(a, cos, -(b sin)), second = fma(b, cos, a sin).
    /// </summary>
    public static void Rope(Operator op, TensorView x, TensorView positions, TensorView y)
    {
        int half = op.HeadSize / 2;
        for (int row = 0; row < x.Rows; row++)
            for (int i = 0; i < half; i++)
            {
                float angle = positions.Data[row] * RotaryFrequency.Of(op, i);
                float cos = Cos(angle), sin = op.Inverse ? -Sin(angle) : Sin(angle);
                for (int head = 0; head < op.Heads; head++)
                {
                    int first = (head * op.HeadSize) + i, second = first + half;
                    float a = x.Row(row)[first];
                    float b = x.Row(row)[second];
                    Span<float> ys = y.Row(row);
                    ys[first] = Canonical(MathF.FusedMultiplyAdd(a, cos, -(b * sin)));
                    ys[second] = Canonical(MathF.FusedMultiplyAdd(b, cos, a * sin));
                }
            }
    }

    /// <summary>Rows in ascending order, so the last writer of a position stays; a position outside writes nothing.</summary>
    public static void CacheWrite(Operator op, TensorView cache, TensorView rows, TensorView positions, TensorView y)
    {
        if (y.Data != cache.Data)
            cache.Span.CopyTo(y.Span);
        for (int r = 0; r < rows.Rows; r++)
        {
            int position = Positions.Read(positions.Data[r], op.KeyRows);
            if (position < 0)
                continue;
            var target = y.Row((r / op.QueryRows * op.KeyRows) + position);
            for (int c = 0; c < target.Length; c++)
                target[c] = Canonical(rows.Row(r)[c]);
        }
    }
}
