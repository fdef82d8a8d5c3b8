using static Starling.Arithmetic.Elementary.Functions;

namespace Starling.Arithmetic.Reference;

/// <summary>The mean of workers' updates in 64-bit fixed point: its bits do not depend on the workers' order.</summary>
internal static unsafe class Merge
{
    private const double Scale = 1L << 30;
    private const float Bound = 4294967296f;

    public static void MeanDelta(ReadOnlySpan<TensorView> inputs, TensorView y)
    {
        for (long i = 0; i < y.Shape.Elements; i++)
            y.Data[i] = MeanDelta(inputs, i);
    }

    /// <summary>
    /// Each base - wi (one float rounding) times 2^30, rounded half to even, is summed exactly; the sum, as a double,
    /// is divided by count * 2^30 and rounded to float. A delta that is not finite or reaches 2^32, or a sum over
    /// 63 bits, gives NaN: the fault shows where it happened.
    /// </summary>
    private static float MeanDelta(ReadOnlySpan<TensorView> inputs, long i)
    {
        long sum = 0;
        bool fault = false;
        for (int w = 1; w < inputs.Length; w++)
        {
            float delta = inputs[0].Data[i] - inputs[w].Data[i];
            fault |= !(MathF.Abs(delta) < Bound);
            long term = fault ? 0 : (long)Math.Round(delta * Scale);
            long next = unchecked(sum + term);
            fault |= ((sum ^ next) & (term ^ next)) < 0;
            sum = next;
        }

        return fault
            ? BitConverter.Int32BitsToSingle(CanonicalNaNBits)
            : (float)(sum / ((inputs.Length - 1) * Scale));
    }
}
