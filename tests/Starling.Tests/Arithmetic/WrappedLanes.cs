using Starling.Arithmetic.Lanes;

namespace Starling.Tests.Arithmetic;

/// <summary>What a test does to each primitive operation's result.</summary>
internal interface IWrap
{
    static abstract float Result(float value);
}

/// <summary>The processor's lanes with a test in between.</summary>
internal readonly unsafe struct WrappedLanes<W> : ILanes<float>
    where W : struct, IWrap
{
    public static int Width => 1;

    public static float Broadcast(float value) => value;

    public static float BroadcastBits(int bits) => Lanes1.BroadcastBits(bits);

    public static float Load(float* source) => *source;

    public static void Store(float* target, float value) => *target = value;

    public static float Add(float a, float b) => W.Result(Lanes1.Add(a, b));

    public static float Subtract(float a, float b) => W.Result(Lanes1.Subtract(a, b));

    public static float Multiply(float a, float b) => W.Result(Lanes1.Multiply(a, b));

    public static float Divide(float a, float b) => W.Result(Lanes1.Divide(a, b));

    public static float Sqrt(float a) => W.Result(Lanes1.Sqrt(a));

    public static float Fma(float a, float b, float c) => W.Result(Lanes1.Fma(a, b, c));

    public static float Greater(float a, float b) => W.Result(Lanes1.Greater(a, b));

    public static float Equal(float a, float b) => W.Result(Lanes1.Equal(a, b));

    public static float Max(float candidate, float current) => W.Result(Lanes1.Max(candidate, current));

    public static float Min(float candidate, float current) => W.Result(Lanes1.Min(candidate, current));

    public static float Select(float mask, float a, float b) => W.Result(Lanes1.Select(mask, a, b));

    public static float And(float a, float b) => W.Result(Lanes1.And(a, b));

    public static float Or(float a, float b) => W.Result(Lanes1.Or(a, b));

    public static float Xor(float a, float b) => W.Result(Lanes1.Xor(a, b));

    public static float AddBits(float a, float b) => W.Result(Lanes1.AddBits(a, b));

    public static float SubtractBits(float a, float b) => W.Result(Lanes1.SubtractBits(a, b));

    public static float ShiftLeft(float a, int count) => W.Result(Lanes1.ShiftLeft(a, count));

    public static float ShiftRightArithmetic(float a, int count) => W.Result(Lanes1.ShiftRightArithmetic(a, count));

    public static float BitsToFloat(float a) => W.Result(Lanes1.BitsToFloat(a));
}

/// <summary>Counts primitive operations on this thread.</summary>
internal readonly struct Counting : IWrap
{
    [ThreadStatic]
    public static long Operations;

    public static float Result(float value)
    {
        Operations++;
        return value;
    }
}

/// <summary>A processor whose results are one bit off, now and then.</summary>
internal readonly struct Erring : IWrap
{
    public static float Result(float value) => BitConverter.SingleToInt32Bits(value) % 37 == 5
        ? BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) ^ 1)
        : value;
}
