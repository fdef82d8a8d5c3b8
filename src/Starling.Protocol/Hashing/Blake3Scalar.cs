using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Starling.Protocol.Hashing;

/// <summary>The compression function, one block at a time, in plain integer code.</summary>
internal static class Blake3Scalar
{
    /// <summary>
    /// Compresses one block. The first eight words of <paramref name="output"/> are the new chaining value; all
    /// sixteen are one block of extended output.
    /// </summary>
    [SkipLocalsInit]
    public static void Compress(
        in Blake3Words8 cv, in Blake3Words16 block, ulong counter, uint length, uint flags, out Blake3Words16 output)
    {
        uint v0 = cv[0], v1 = cv[1], v2 = cv[2], v3 = cv[3], v4 = cv[4], v5 = cv[5], v6 = cv[6], v7 = cv[7];
        uint v8 = Blake3Spec.Iv0, v9 = Blake3Spec.Iv1, v10 = Blake3Spec.Iv2, v11 = Blake3Spec.Iv3;
        uint v12 = (uint)counter, v13 = (uint)(counter >> 32), v14 = length, v15 = flags;
        ref var m = ref Unsafe.As<Blake3Words16, uint>(ref Unsafe.AsRef(in block));
        ref var s = ref MemoryMarshal.GetReference(Blake3Spec.Schedule);
        for (var round = 0; round < Blake3Spec.Rounds; round++, s = ref Unsafe.Add(ref s, Blake3Spec.BlockWords))
        {
            G(ref v0, ref v4, ref v8, ref v12, Word(ref m, ref s, 0), Word(ref m, ref s, 1));
            G(ref v1, ref v5, ref v9, ref v13, Word(ref m, ref s, 2), Word(ref m, ref s, 3));
            G(ref v2, ref v6, ref v10, ref v14, Word(ref m, ref s, 4), Word(ref m, ref s, 5));
            G(ref v3, ref v7, ref v11, ref v15, Word(ref m, ref s, 6), Word(ref m, ref s, 7));
            G(ref v0, ref v5, ref v10, ref v15, Word(ref m, ref s, 8), Word(ref m, ref s, 9));
            G(ref v1, ref v6, ref v11, ref v12, Word(ref m, ref s, 10), Word(ref m, ref s, 11));
            G(ref v2, ref v7, ref v8, ref v13, Word(ref m, ref s, 12), Word(ref m, ref s, 13));
            G(ref v3, ref v4, ref v9, ref v14, Word(ref m, ref s, 14), Word(ref m, ref s, 15));
        }

        // The high half takes the old chaining value, so read it before the output (which may be the same place).
        uint h8 = v8 ^ cv[0], h9 = v9 ^ cv[1], h10 = v10 ^ cv[2], h11 = v11 ^ cv[3];
        uint h12 = v12 ^ cv[4], h13 = v13 ^ cv[5], h14 = v14 ^ cv[6], h15 = v15 ^ cv[7];
        Unsafe.SkipInit(out output);
        output[0] = v0 ^ v8;
        output[1] = v1 ^ v9;
        output[2] = v2 ^ v10;
        output[3] = v3 ^ v11;
        output[4] = v4 ^ v12;
        output[5] = v5 ^ v13;
        output[6] = v6 ^ v14;
        output[7] = v7 ^ v15;
        output[8] = h8;
        output[9] = h9;
        output[10] = h10;
        output[11] = h11;
        output[12] = h12;
        output[13] = h13;
        output[14] = h14;
        output[15] = h15;
    }

    // Schedule entries are below 16, the length of a block in words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ref uint m, ref byte s, int i) => Unsafe.Add(ref m, (nint)Unsafe.Add(ref s, i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void G(ref uint a, ref uint b, ref uint c, ref uint d, uint x, uint y)
    {
        a += x + b;
        d = BitOperations.RotateRight(d ^ a, 16);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 12);
        a += y + b;
        d = BitOperations.RotateRight(d ^ a, 8);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 7);
    }
}
