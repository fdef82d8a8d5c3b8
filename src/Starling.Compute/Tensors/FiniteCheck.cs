using System.Numerics;
using System.Runtime.InteropServices;

namespace Starling.Compute.Tensors;

/// <summary>Finds NaN and infinity: the exponent bits are all ones.</summary>
internal static class FiniteCheck
{
    private const int Exponent = 0x7F80_0000;

    public static bool AllFinite(TensorMemory memory)
    {
        foreach (Starling.Arithmetic.TensorView view in memory.Tensors)
            if (!AllFinite(view.Span))
                return false;
        return true;
    }

    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(values);
        Vector<int> mask = new(Exponent), found = Vector<int>.Zero;
        int i = 0;
        for (; i <= bits.Length - Vector<int>.Count; i += Vector<int>.Count)
            found |= Vector.Equals(new Vector<int>(bits[i..]) & mask, mask);
        if (found != Vector<int>.Zero)
            return false;
        for (; i < bits.Length; i++)
            if ((bits[i] & Exponent) == Exponent)
                return false;
        return true;
    }
}
