using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Soft;

namespace Starling.Arithmetic.Refereeing;

/// <summary>MeanDelta: 64 workers in a part, leaving each sum of 64 bits as four numbers of 16, and whether it failed.</summary>
internal sealed class MeanDeltaFold<L, D>(int workers, Region at) : ChunkFold<L>
    where L : struct, ILanes<float>
    where D : struct, IDoubles
{
    private const int Numbers = 5;
    private const double Scale = 1L << 30;
    private const float Bound = 4294967296f;

    public override int Parts => Ceiling(workers, TermsPerPart);

    public override int StateLength => at.Columns * Numbers;

    public override float[] Next(int part, ReadOnlySpan<float> before, OpenedOperands operands)
    {
        int from = (part * TermsPerPart) + 1, to = Math.Min(workers + 1, from + TermsPerPart);
        operands.Open(0, at);
        for (int w = from; w < to; w++)
            operands.Open(w, at);
        float[] after = before.ToArray(), chunk = new float[at.Columns];
        for (int c = 0; c < at.Columns; c++)
        {
            Span<float> cell = after.AsSpan(c * Numbers, Numbers);
            var (sum, failed) = Read(cell);
            for (int w = from; w < to && !failed; w++)
                failed = !TryAdd(ref sum, L.Subtract(operands[0, at.Row, at.Column + c], operands[w, at.Row, at.Column + c]));
            Write(cell, sum, failed);
            chunk[c] = failed ? NaN : D.ToSingle(D.Divide(D.FromInt64(sum), D.Multiply(D.FromInt64(workers), Scale)));
        }

        return part == Parts - 1 ? chunk : after;
    }

    private static bool TryAdd(ref long sum, float delta)
    {
        if (!IsGreater(Bound, Functions.Absolute<L, float>(delta)))
            return false;
        long term = D.ToInt64(D.Multiply(D.FromSingle(delta), Scale)), next = unchecked(sum + term);
        bool fits = ((sum ^ next) & (term ^ next)) >= 0;
        sum = next;
        return fits;
    }

    private static (long Sum, bool Failed) Read(Span<float> cell)
    {
        long sum = 0;
        for (int i = 3; i >= 0; i--)
            sum = (sum << 16) | (long)cell[i];
        return (sum, cell[4] != 0f);
    }

    private static void Write(Span<float> cell, long sum, bool failed)
    {
        for (int i = 0; i < 4; i++)
            cell[i] = failed ? 0f : (sum >> (16 * i)) & 0xFFFF;
        cell[4] = failed ? 1f : 0f;
    }
}
