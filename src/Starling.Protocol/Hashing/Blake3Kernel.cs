using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Starling.Protocol.Hashing;

/// <summary>What the inputs of one wide hash share. All lengths are whole blocks.</summary>
/// <param name="Blocks">64-byte blocks in every input.</param>
/// <param name="Counter">The counter of input 0.</param>
/// <param name="CounterStep">1 when the inputs are successive chunks, 0 when they are parents.</param>
/// <param name="Flags">Flags of every block.</param>
/// <param name="First">Flags added at the first block.</param>
/// <param name="Last">Flags added at the last block.</param>
internal readonly record struct Blake3Batch(
    int Blocks, ulong Counter, uint CounterStep, uint Flags, uint First, uint Last);

/// <summary>Hashes as many equally long inputs at once as a vector has lanes: one body for every width.</summary>
internal static unsafe class Blake3Kernel<TLanes, TVector>
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// Writes the chaining values of <paramref name="count"/> inputs, 1 to the lane count, 8 words each, to
    /// <paramref name="cvs"/>. Input i is the <c>64 * batch.Blocks</c> bytes at <c>inputs + i * stride</c>; lanes
    /// beyond the count repeat the last input and are dropped, so nothing past it is read or written.
    /// <paramref name="inputs"/> and <paramref name="cvs"/> may not overlap.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Hash(byte* inputs, nint stride, int count, uint* key, in Blake3Batch batch, uint* cvs)
    {
        var lanes = TLanes.Count;
        var offsets = stackalloc nint[lanes];
        var lows = stackalloc uint[lanes];
        var highs = stackalloc uint[lanes];
        for (var i = 0; i < lanes; i++)
        {
            offsets[i] = Math.Min(i, count - 1) * stride;
            var counter = batch.Counter + (ulong)i * batch.CounterStep;
            (lows[i], highs[i]) = ((uint)counter, (uint)(counter >> 32));
        }

        var words = stackalloc uint[Blake3Spec.BlockWords * lanes];
        var cv = stackalloc TVector[Blake3Spec.CvWords];
        for (var i = 0; i < Blake3Spec.CvWords; i++) cv[i] = TLanes.Broadcast(key[i]);
        for (var block = 0; block < batch.Blocks; block++, inputs += Blake3Spec.BlockSize)
        {
            Transpose.Words(inputs, offsets, lanes, Blake3Spec.BlockWords, words, lanes);
            if (batch.Blocks > 1) Prefetch(inputs + lanes * stride, stride);
            var flags = batch.Flags | (block == 0 ? batch.First : 0) | (block == batch.Blocks - 1 ? batch.Last : 0);
            Compress(cv, (TVector*)words, TLanes.Load(in *lows), TLanes.Load(in *highs), TLanes.Broadcast(flags));
        }

        WriteCvs((uint*)cv, count, cvs);
    }

    /// <summary>
    /// One block in every lane. A method of its own, without calls or copies, so that the state can stay in registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Compress(TVector* cv, TVector* message, TVector low, TVector high, TVector flags)
    {
        TVector v4 = cv[4], v5 = cv[5], v6 = cv[6], v7 = cv[7];
        TVector v8 = TLanes.Broadcast(Blake3Spec.Iv0), v9 = TLanes.Broadcast(Blake3Spec.Iv1);
        TVector v10 = TLanes.Broadcast(Blake3Spec.Iv2), v11 = TLanes.Broadcast(Blake3Spec.Iv3);
        TVector v12 = low, v13 = high, v14 = TLanes.Broadcast(Blake3Spec.BlockSize), v15 = flags;
        ref var s = ref MemoryMarshal.GetReference(Blake3Spec.Schedule);
        for (var round = 0; round < Blake3Spec.Rounds; round++, s = ref Unsafe.Add(ref s, Blake3Spec.BlockWords))
        {
            G(cv, ref v4, ref v8, ref v12, Word(message, ref s, 0), Word(message, ref s, 1));
            G(cv + 1, ref v5, ref v9, ref v13, Word(message, ref s, 2), Word(message, ref s, 3));
            G(cv + 2, ref v6, ref v10, ref v14, Word(message, ref s, 4), Word(message, ref s, 5));
            G(cv + 3, ref v7, ref v11, ref v15, Word(message, ref s, 6), Word(message, ref s, 7));
            G(cv, ref v5, ref v10, ref v15, Word(message, ref s, 8), Word(message, ref s, 9));
            G(cv + 1, ref v6, ref v11, ref v12, Word(message, ref s, 10), Word(message, ref s, 11));
            G(cv + 2, ref v7, ref v8, ref v13, Word(message, ref s, 12), Word(message, ref s, 13));
            G(cv + 3, ref v4, ref v9, ref v14, Word(message, ref s, 14), Word(message, ref s, 15));
        }

        (cv[0], cv[1], cv[2], cv[3]) =
            (TLanes.Xor(cv[0], v8), TLanes.Xor(cv[1], v9), TLanes.Xor(cv[2], v10), TLanes.Xor(cv[3], v11));
        (cv[4], cv[5], cv[6], cv[7]) =
            (TLanes.Xor(v4, v12), TLanes.Xor(v5, v13), TLanes.Xor(v6, v14), TLanes.Xor(v7, v15));
    }

    /// <summary>Turns eight vectors, one per word, into one chaining value per lane.</summary>
    [SkipLocalsInit]
    private static void WriteCvs(uint* words, int count, uint* cvs)
    {
        var lanes = TLanes.Count;
        var offsets = stackalloc nint[Blake3Spec.CvWords];
        for (var i = 0; i < Blake3Spec.CvWords; i++)
            offsets[i] = i * sizeof(TVector);
        if (count == lanes)
        {
            Transpose.Words((byte*)words, offsets, Blake3Spec.CvWords, lanes, cvs, Blake3Spec.CvWords);
            return;
        }

        var all = stackalloc uint[Blake3Spec.CvWords * lanes];
        Transpose.Words((byte*)words, offsets, Blake3Spec.CvWords, lanes, all, Blake3Spec.CvWords);
        new Span<uint>(all, Blake3Spec.CvWords * count).CopyTo(new Span<uint>(cvs, Blake3Spec.CvWords * count));
    }

    // As many streams as lanes, a chunk apart, are too many for the processor to follow by itself: from memory, this
    // doubles the speed. The next batch may lie beyond the input, where prefetching does nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* next, nint stride)
    {
        if (!Sse.IsSupported) return;
        for (var i = 0; i < TLanes.Count; i++) Sse.Prefetch0(next + i * stride);
    }

    // Schedule entries are below 16, the number of vectors in a message.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector* Word(TVector* message, ref byte s, int i) => message + (nint)Unsafe.Add(ref s, i);

    // Twelve words of the state fill twelve registers; the row a and the message are operands from memory, which leaves
    // four registers for rotation. The row a can wait there because it is finished well before b, and the sum with the
    // message word does not wait for b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void G(TVector* row, ref TVector b, ref TVector c, ref TVector d, TVector* x, TVector* y)
    {
        var a = TLanes.Add(TLanes.Add(*row, *x), b);
        d = TLanes.Rotate16(TLanes.Xor(d, a));
        c = TLanes.Add(c, d);
        b = TLanes.Rotate12(TLanes.Xor(b, c));
        a = TLanes.Add(TLanes.Add(a, *y), b);
        *row = a;
        d = TLanes.Rotate8(TLanes.Xor(d, a));
        c = TLanes.Add(c, d);
        b = TLanes.Rotate7(TLanes.Xor(b, c));
    }
}
