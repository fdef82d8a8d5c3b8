using static System.BitConverter;

namespace Starling.Arithmetic.Soft;

/// <summary>The few operations in binary64 that arithmetic version 1 needs: by the processor or by integers.</summary>
internal interface IDoubles
{
    static abstract double Add(double a, double b);

    static abstract double Multiply(double a, double b);

    static abstract double Divide(double a, double b);

    static abstract double Fma(double a, double b, double c);

    static abstract bool IsGreater(double a, double b);

    static abstract double FromInt64(long value);

    /// <summary>The nearest whole number, halves to even; finite and below 2^63.</summary>
    static abstract long ToInt64(double a);

    static abstract double FromSingle(float a);

    static abstract float ToSingle(double a);
}

/// <summary>Binary64 as the processor has it.</summary>
internal readonly struct HardDoubles : IDoubles
{
    public static double Add(double a, double b) => a + b;

    public static double Multiply(double a, double b) => a * b;

    public static double Divide(double a, double b) => a / b;

    public static double Fma(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    public static bool IsGreater(double a, double b) => a > b;

    public static double FromInt64(long value) => value;

    public static long ToInt64(double a) => (long)Math.Round(a, MidpointRounding.ToEven);

    public static double FromSingle(float a) => a;

    public static float ToSingle(double a) => (float)a;
}

/// <summary>Binary64 by integers.</summary>
internal readonly struct SoftDoubles : IDoubles
{
    private static SoftFormat Format => SoftFormat.Double;

    public static double Add(double a, double b) => Number(SoftReal.Add(Format, Bits(a), Bits(b)));

    public static double Multiply(double a, double b) => Number(SoftReal.Multiply(Format, Bits(a), Bits(b)));

    public static double Divide(double a, double b) => Number(SoftReal.Divide(Format, Bits(a), Bits(b)));

    public static double Fma(double a, double b, double c) => Number(SoftReal.Fma(Format, Bits(a), Bits(b), Bits(c)));

    public static bool IsGreater(double a, double b) => SoftReal.Compare(Format, Bits(a), Bits(b)) > 0;

    public static double FromInt64(long value) => Number(SoftReal.FromInt64(Format, value));

    public static long ToInt64(double a) => SoftReal.ToInt64(Format, Bits(a));

    public static double FromSingle(float a) =>
        Number(SoftReal.Convert(SoftFormat.Single, Format, SingleToUInt32Bits(a)));

    public static float ToSingle(double a) =>
        UInt32BitsToSingle((uint)SoftReal.Convert(Format, SoftFormat.Single, Bits(a)));

    private static ulong Bits(double value) => DoubleToUInt64Bits(value);

    private static double Number(ulong bits) => UInt64BitsToDouble(bits);
}
