using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using F = System.Runtime.Intrinsics.Vector256<float>;

namespace Starling.Arithmetic.Lanes;

/// <summary>8 floats at a time.</summary>
public readonly unsafe struct Lanes256 : ILanes<F>
{
    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F BroadcastBits(int bits) => Vector256.Create(bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, F value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Add(F a, F b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Subtract(F a, F b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Multiply(F a, F b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Divide(F a, F b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Sqrt(F a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Fma(F a, F b, F c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Greater(F a, F b) => Vector256.GreaterThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Equal(F a, F b) => Vector256.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Max(F candidate, F current) =>
        Avx.IsSupported ? Avx.Max(candidate, current) : Select(Greater(candidate, current), candidate, current);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Min(F candidate, F current) =>
        Avx.IsSupported ? Avx.Min(candidate, current) : Select(Greater(current, candidate), candidate, current);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Select(F mask, F a, F b) => Vector256.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F And(F a, F b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Or(F a, F b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F Xor(F a, F b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F AddBits(F a, F b) => (a.AsInt32() + b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F SubtractBits(F a, F b) => (a.AsInt32() - b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F ShiftLeft(F a, int count) => (a.AsInt32() << count).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F ShiftRightArithmetic(F a, int count) => (a.AsInt32() >> count).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F BitsToFloat(F a) => Vector256.ConvertToSingle(a.AsInt32());
}
