using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Starling.Protocol.Hashing;

/// <summary>Sixteen lanes: AVX-512.</summary>
internal readonly struct Lanes16 : ILanes<Vector512<uint>>
{
    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Broadcast(uint value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load(ref readonly uint source) => Vector512.LoadUnsafe(in source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> left, Vector512<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> left, Vector512<uint> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Rotate16(Vector512<uint> value) =>
        Avx512F.IsSupported ? Avx512F.RotateRight(value, 16) :
        (value >>> 16) | (value << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Rotate12(Vector512<uint> value) =>
        Avx512F.IsSupported ? Avx512F.RotateRight(value, 12) :
        (value >>> 12) | (value << 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Rotate8(Vector512<uint> value) =>
        Avx512F.IsSupported ? Avx512F.RotateRight(value, 8) :
        (value >>> 8) | (value << 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Rotate7(Vector512<uint> value) =>
        Avx512F.IsSupported ? Avx512F.RotateRight(value, 7) :
        (value >>> 7) | (value << 25);
}
