using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// One chunk of an operator's output as a chain of parts, each small: a part takes the numbers that the part before it left
/// (sums, maxima), opens a bounded share of the operands and leaves numbers for the next; the last gives the chunk.
/// The parts follow the order of the arithmetic, so what they leave is defined to the bit.
/// </summary>
internal abstract class ChunkFold
{
    /// <summary>Parts of this chunk.</summary>
    public abstract int Parts { get; }

    /// <summary>Numbers that a part leaves for the next; before the first they are zero.</summary>
    public abstract int StateLength { get; }

    /// <summary>What a part leaves, or after the last part the chunk.</summary>
    public abstract float[] Next(int part, ReadOnlySpan<float> before, OpenedOperands operands);
}

/// <summary>A fold written over the lanes, so that the same code runs on the processor's floating point and on integers.</summary>
internal abstract class ChunkFold<L> : ChunkFold
    where L : struct, ILanes<float>
{
    /// <summary>Terms of a chain that one part takes from rows of their own.</summary>
    protected const int TermsPerPart = 64;

    /// <summary>Blocks of a chain (docs/arithmetic.md).</summary>
    protected const int ChainBlock = 256;

    protected static int Ceiling(long count, int size) => checked((int)((count + size - 1) / size));

    protected static bool IsGreater(float a, float b) => BitConverter.SingleToInt32Bits(L.Greater(a, b)) != 0;

    protected static bool IsEqual(float a, float b) => BitConverter.SingleToInt32Bits(L.Equal(a, b)) != 0;

    protected static float Whole(int value) => L.BitsToFloat(L.BroadcastBits(value));

    protected static float Exp(float x) => Exponential.Exp<L, float>(x);

    protected static float Log(float x) => Logarithm.Log<L, float>(x);

    protected static float Negate(float x) => Functions.Negate<L, float>(x);

    protected static float ReciprocalSqrt(float x) => L.Divide(1f, L.Sqrt(x));

    protected static float NaN => BitConverter.Int32BitsToSingle(Functions.CanonicalNaNBits);
}
