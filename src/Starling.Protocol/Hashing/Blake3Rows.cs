using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Starling.Protocol.Hashing;

/// <summary>
/// The compression function for one block with the state as four rows in four vectors (SSE4.1): for short inputs, which
/// have no second chunk to run beside.
/// </summary>
internal static class Blake3Rows
{
    public static bool IsSupported => Sse41.IsSupported && BitConverter.IsLittleEndian;

    /// <summary>As <see cref="Blake3Scalar.Compress"/>.</summary>
    [SkipLocalsInit]
    public static void Compress(
        in Blake3Words8 cv, in Blake3Words16 block, ulong counter, uint length, uint flags, out Blake3Words16 output)
    {
        ref readonly var m = ref block[0];
        ref readonly var h = ref cv[0];
        var (low, high) = (Vector128.LoadUnsafe(in h), Vector128.LoadUnsafe(in h, 4));
        var state = new Rows(low, high,
            Vector128.Create(Blake3Spec.Iv0, Blake3Spec.Iv1, Blake3Spec.Iv2, Blake3Spec.Iv3),
            Vector128.Create((uint)counter, (uint)(counter >> 32), length, flags));
        Vector128<uint> m0 = Vector128.LoadUnsafe(in m), m1 = Vector128.LoadUnsafe(in m, 4);
        Vector128<uint> m2 = Vector128.LoadUnsafe(in m, 8), m3 = Vector128.LoadUnsafe(in m, 12);

        // The first round takes even and odd words; each later one permutes what the one before it used.
        var t0 = Pick(m0, m1, 0b10_00_10_00);
        var t1 = Pick(m0, m1, 0b11_01_11_01);
        var t2 = Sse2.Shuffle(Pick(m2, m3, 0b10_00_10_00), 0b10_01_00_11);
        var t3 = Sse2.Shuffle(Pick(m2, m3, 0b11_01_11_01), 0b10_01_00_11);
        state.Round(t0, t1, t2, t3);
        for (var round = 1; round < Blake3Spec.Rounds; round++)
        {
            (m0, m1, m2, m3) = (t0, t1, t2, t3);
            t0 = Sse2.Shuffle(Pick(m0, m1, 0b11_01_01_10), 0b00_11_10_01);
            t1 = Sse41.Blend(Sse2.Shuffle(m0, 0b00_00_11_11).AsUInt16(), Pick(m2, m3, 0b11_11_10_10).AsUInt16(), 0xCC)
                .AsUInt32();
            t2 = Sse2.UnpackLow(m3.AsUInt64(), m1.AsUInt64()).AsUInt32();
            t2 = Sse2.Shuffle(Sse41.Blend(t2.AsUInt16(), m2.AsUInt16(), 0xC0).AsUInt32(), 0b01_11_10_00);
            t3 = Sse2.Shuffle(Sse2.UnpackLow(m2, Sse2.UnpackHigh(m1, m3)), 0b00_01_11_10);
            state.Round(t0, t1, t2, t3);
        }

        // Read before writing: the output may be the same place as an input.
        var (a, b) = (state.A ^ state.C, state.B ^ state.D);
        var (c, d) = (state.C ^ low, state.D ^ high);
        Unsafe.SkipInit(out output);
        ref var target = ref output[0];
        a.StoreUnsafe(ref target);
        b.StoreUnsafe(ref target, 4);
        c.StoreUnsafe(ref target, 8);
        d.StoreUnsafe(ref target, 12);
    }

    private static Vector128<uint> Pick(Vector128<uint> a, Vector128<uint> b, [ConstantExpected] byte control) =>
        Sse.Shuffle(a.AsSingle(), b.AsSingle(), control).AsUInt32();

    private struct Rows(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d)
    {
        public Vector128<uint> A = a, B = b, C = c, D = d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Round(Vector128<uint> x0, Vector128<uint> y0, Vector128<uint> x1, Vector128<uint> y1)
        {
            Half(x0, y0);
            A = Sse2.Shuffle(A, 0b10_01_00_11);
            D = Sse2.Shuffle(D, 0b01_00_11_10);
            C = Sse2.Shuffle(C, 0b00_11_10_01);
            Half(x1, y1);
            A = Sse2.Shuffle(A, 0b00_11_10_01);
            D = Sse2.Shuffle(D, 0b01_00_11_10);
            C = Sse2.Shuffle(C, 0b10_01_00_11);
        }

        // Four mixings at once: the columns, or the diagonals turned into columns.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Half(Vector128<uint> x, Vector128<uint> y)
        {
            A = A + x + B;
            D = Lanes4.Rotate16(D ^ A);
            C += D;
            B = Lanes4.Rotate12(B ^ C);
            A = A + y + B;
            D = Lanes4.Rotate8(D ^ A);
            C += D;
            B = Lanes4.Rotate7(B ^ C);
        }
    }
}
