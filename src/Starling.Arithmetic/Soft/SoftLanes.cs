using Starling.Arithmetic.Lanes;
using static System.BitConverter;

namespace Starling.Arithmetic.Soft;

/// <summary>One float at a time by integers: the referee's second opinion on the processor.</summary>
internal readonly unsafe struct SoftLanes : ILanes<float>
{
    public static int Width => 1;

    private static SoftFormat Format => SoftFormat.Single;

    public static float Broadcast(float value) => value;

    public static float BroadcastBits(int bits) => Int32BitsToSingle(bits);

    public static float Load(float* source) => *source;

    public static void Store(float* target, float value) => *target = value;

    public static float Add(float a, float b) => Number(SoftReal.Add(Format, Bits(a), Bits(b)));

    public static float Subtract(float a, float b) => Number(SoftReal.Subtract(Format, Bits(a), Bits(b)));

    public static float Multiply(float a, float b) => Number(SoftReal.Multiply(Format, Bits(a), Bits(b)));

    public static float Divide(float a, float b) => Number(SoftReal.Divide(Format, Bits(a), Bits(b)));

    public static float Sqrt(float a) => Number(SoftReal.Sqrt(Format, Bits(a)));

    public static float Fma(float a, float b, float c) => Number(SoftReal.Fma(Format, Bits(a), Bits(b), Bits(c)));

    public static float Greater(float a, float b) => Int32BitsToSingle(IsGreater(a, b) ? -1 : 0);

    public static float Equal(float a, float b) =>
        Int32BitsToSingle(SoftReal.Compare(Format, Bits(a), Bits(b)) == 0 ? -1 : 0);

    public static float Max(float candidate, float current) => IsGreater(candidate, current) ? candidate : current;

    public static float Min(float candidate, float current) => IsGreater(current, candidate) ? candidate : current;

    public static float Select(float mask, float a, float b) => Lanes1.Select(mask, a, b);

    public static float And(float a, float b) => Lanes1.And(a, b);

    public static float Or(float a, float b) => Lanes1.Or(a, b);

    public static float Xor(float a, float b) => Lanes1.Xor(a, b);

    public static float AddBits(float a, float b) => Lanes1.AddBits(a, b);

    public static float SubtractBits(float a, float b) => Lanes1.SubtractBits(a, b);

    public static float ShiftLeft(float a, int count) => Lanes1.ShiftLeft(a, count);

    public static float ShiftRightArithmetic(float a, int count) => Lanes1.ShiftRightArithmetic(a, count);

    public static float BitsToFloat(float a) => Number(SoftReal.FromInt64(Format, SingleToInt32Bits(a)));

    private static bool IsGreater(float a, float b) => SoftReal.Compare(Format, Bits(a), Bits(b)) > 0;

    private static ulong Bits(float value) => SingleToUInt32Bits(value);

    private static float Number(ulong bits) => UInt32BitsToSingle((uint)bits);
}
