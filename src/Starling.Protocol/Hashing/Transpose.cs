using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Starling.Protocol.Hashing;

/// <summary>Exchanges rows and columns of 32-bit words.</summary>
internal static unsafe class Transpose
{
    /// <summary>
    /// Writes word j of row i to <c>target[j * targetStride + i]</c>. Row i begins at
    /// <c>source + offsets[i]</c> (bytes) and holds <paramref name="columns"/> words.
    /// Invariant: the caller owns every word so addressed; no other is touched.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Words(byte* source, nint* offsets, int rows, int columns, uint* target, int targetStride)
    {
        if (Avx2.IsSupported && rows % 8 == 0 && columns % 8 == 0)
            for (var row = 0; row < rows; row += 8)
                for (var column = 0; column < columns; column += 8)
                    Tile8(source + 4 * column, offsets + row, target + column * targetStride + row, targetStride);
        else if ((Sse2.IsSupported || AdvSimd.Arm64.IsSupported) && rows % 4 == 0 && columns % 4 == 0)
            for (var row = 0; row < rows; row += 4)
                for (var column = 0; column < columns; column += 4)
                    Tile4(source + 4 * column, offsets + row, target + column * targetStride + row, targetStride);
        else
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    target[column * targetStride + row] = ((uint*)(source + offsets[row]))[column];
    }

    private static void Tile8(byte* source, nint* offsets, uint* target, int stride)
    {
        var a0 = Vector256.Load((uint*)(source + offsets[0]));
        var a1 = Vector256.Load((uint*)(source + offsets[1]));
        var a2 = Vector256.Load((uint*)(source + offsets[2]));
        var a3 = Vector256.Load((uint*)(source + offsets[3]));
        var a4 = Vector256.Load((uint*)(source + offsets[4]));
        var a5 = Vector256.Load((uint*)(source + offsets[5]));
        var a6 = Vector256.Load((uint*)(source + offsets[6]));
        var a7 = Vector256.Load((uint*)(source + offsets[7]));

        // Pairs of rows by word, then pairs of pairs by double word: each vector holds one column of four rows, twice.
        var b0 = Avx2.UnpackLow(a0, a1).AsUInt64();
        var b1 = Avx2.UnpackHigh(a0, a1).AsUInt64();
        var b2 = Avx2.UnpackLow(a2, a3).AsUInt64();
        var b3 = Avx2.UnpackHigh(a2, a3).AsUInt64();
        var b4 = Avx2.UnpackLow(a4, a5).AsUInt64();
        var b5 = Avx2.UnpackHigh(a4, a5).AsUInt64();
        var b6 = Avx2.UnpackLow(a6, a7).AsUInt64();
        var b7 = Avx2.UnpackHigh(a6, a7).AsUInt64();
        Halves(Avx2.UnpackLow(b0, b2), Avx2.UnpackLow(b4, b6), target, 4 * stride);
        Halves(Avx2.UnpackHigh(b0, b2), Avx2.UnpackHigh(b4, b6), target + stride, 4 * stride);
        Halves(Avx2.UnpackLow(b1, b3), Avx2.UnpackLow(b5, b7), target + 2 * stride, 4 * stride);
        Halves(Avx2.UnpackHigh(b1, b3), Avx2.UnpackHigh(b5, b7), target + 3 * stride, 4 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(Vector256<ulong> top, Vector256<ulong> bottom, uint* target, int stride)
    {
        Avx2.Permute2x128(top, bottom, 0x20).AsUInt32().Store(target);
        Avx2.Permute2x128(top, bottom, 0x31).AsUInt32().Store(target + stride);
    }

    private static void Tile4(byte* source, nint* offsets, uint* target, int stride)
    {
        var a0 = Vector128.Load((uint*)(source + offsets[0]));
        var a1 = Vector128.Load((uint*)(source + offsets[1]));
        var a2 = Vector128.Load((uint*)(source + offsets[2]));
        var a3 = Vector128.Load((uint*)(source + offsets[3]));
        var (b0, b1) = (Low(a0, a1).AsUInt64(), High(a0, a1).AsUInt64());
        var (b2, b3) = (Low(a2, a3).AsUInt64(), High(a2, a3).AsUInt64());
        Low(b0, b2).AsUInt32().Store(target);
        High(b0, b2).AsUInt32().Store(target + stride);
        Low(b1, b3).AsUInt32().Store(target + 2 * stride);
        High(b1, b3).AsUInt32().Store(target + 3 * stride);
    }

    private static Vector128<uint> Low(Vector128<uint> a, Vector128<uint> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<uint> High(Vector128<uint> a, Vector128<uint> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    private static Vector128<ulong> Low(Vector128<ulong> a, Vector128<ulong> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<ulong> High(Vector128<ulong> a, Vector128<ulong> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
