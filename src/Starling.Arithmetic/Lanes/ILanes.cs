namespace Starling.Arithmetic.Lanes;

/// <summary>
/// The operations that every vector width offers with equal bits per element, so that one body serves them all.
/// <typeparamref name="V"/> holds <see cref="Width"/> floats; a mask is a <typeparamref name="V"/> whose elements are
/// all ones or all zeros; integer operations act on the elements' bits.
/// </summary>
public unsafe interface ILanes<V>
    where V : struct
{
    static abstract int Width { get; }

    static abstract V Broadcast(float value);

    static abstract V BroadcastBits(int bits);

    static abstract V Load(float* source);

    static abstract void Store(float* target, V value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    static abstract V Sqrt(V a);

    /// <summary>a * b + c with one rounding.</summary>
    static abstract V Fma(V a, V b, V c);

    /// <summary>Mask of a > b; false where either is NaN.</summary>
    static abstract V Greater(V a, V b);

    /// <summary>Mask of a = b; false where either is NaN; +0 equals -0.</summary>
    static abstract V Equal(V a, V b);

    /// <summary><paramref name="candidate"/> where it is greater, else <paramref name="current"/>: also where either is NaN.</summary>
    static abstract V Max(V candidate, V current);

    /// <summary><paramref name="candidate"/> where it is less, else <paramref name="current"/>: also where either is NaN.</summary>
    static abstract V Min(V candidate, V current);

    /// <summary>The elements of <paramref name="a"/> where the mask is set, else those of <paramref name="b"/>.</summary>
    static abstract V Select(V mask, V a, V b);

    static abstract V And(V a, V b);

    static abstract V Or(V a, V b);

    static abstract V Xor(V a, V b);

    static abstract V AddBits(V a, V b);

    static abstract V SubtractBits(V a, V b);

    static abstract V ShiftLeft(V a, int count);

    static abstract V ShiftRightArithmetic(V a, int count);

    /// <summary>The bits read as 32-bit integers, rounded to float.</summary>
    static abstract V BitsToFloat(V a);
}
