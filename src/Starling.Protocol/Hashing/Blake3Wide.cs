using System.Runtime.Intrinsics;

namespace Starling.Protocol.Hashing;

/// <summary>Chaining values of many chunks or many parents, several at once.</summary>
internal static unsafe class Blake3Wide
{
    /// <summary>
    /// Writes the chaining value of each successive chunk of <paramref name="input"/>, 8 words each, to
    /// <paramref name="cvs"/> and returns their number. The last chunk may be short; the input may not be empty.
    /// </summary>
    public static int Chunks(
        ReadOnlySpan<byte> input, ulong counter, in Blake3Mode mode, Blake3Lanes path, Span<uint> cvs)
    {
        var whole = input.Length / Blake3Spec.ChunkSize;
        var rest = input[(whole * Blake3Spec.ChunkSize)..];
        var total = whole + (rest.IsEmpty ? 0 : 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cvs.Length, total * Blake3Spec.CvWords);
        if (path == Blake3Lanes.One)
            for (var i = 0; i < whole; i++)
                Blake3Output.OfChunk(input.Slice(i * Blake3Spec.ChunkSize, Blake3Spec.ChunkSize), counter + (ulong)i, mode)
                    .ChainingValue(cvs[(i * Blake3Spec.CvWords)..]);
        else
            fixed (byte* inputs = input)
            fixed (uint* target = cvs)
                Batches(inputs, Blake3Spec.ChunkSize, whole, mode, path, new Blake3Batch(Blake3Spec.BlocksPerChunk,
                    counter, 1, mode.Flags, Blake3Spec.ChunkStart, Blake3Spec.ChunkEnd), target);
        if (!rest.IsEmpty)
            Blake3Output.OfChunk(rest, counter + (ulong)whole, mode)
                .ChainingValue(cvs[(whole * Blake3Spec.CvWords)..]);
        return total;
    }

    /// <summary>
    /// Writes the parent of each pair of <paramref name="children"/> to <paramref name="cvs"/>, a last odd child
    /// unchanged, and returns their number. The two spans may not overlap.
    /// </summary>
    public static int Parents(ReadOnlySpan<uint> children, in Blake3Mode mode, Blake3Lanes path, Span<uint> cvs)
    {
        var pairs = children.Length / Blake3Spec.BlockWords;
        var rest = children[(pairs * Blake3Spec.BlockWords)..];
        ArgumentOutOfRangeException.ThrowIfLessThan(cvs.Length, pairs * Blake3Spec.CvWords + rest.Length);
        if (path == Blake3Lanes.One)
            for (var i = 0; i < pairs; i++)
                Blake3Output.OfParent(children.Slice(i * Blake3Spec.BlockWords, Blake3Spec.BlockWords), mode)
                    .ChainingValue(cvs[(i * Blake3Spec.CvWords)..]);
        else
            fixed (uint* inputs = children)
            fixed (uint* target = cvs)
                Batches((byte*)inputs, Blake3Spec.BlockSize, pairs, mode, path,
                    new Blake3Batch(1, 0, 0, mode.Flags | Blake3Spec.Parent, 0, 0), target);
        rest.CopyTo(cvs[(pairs * Blake3Spec.CvWords)..]);
        return pairs + (rest.IsEmpty ? 0 : 1);
    }

    private static void Batches(
        byte* inputs, nint stride, int count, in Blake3Mode mode, Blake3Lanes path, Blake3Batch batch, uint* cvs)
    {
        var key = mode.Key;
        for (var width = (int)path; count > 0; count -= width)
        {
            var now = Math.Min(count, width);
            // A half-filled wide vector costs more than a narrower one that holds the same inputs.
            if (path == Blake3Lanes.Sixteen && now > 8)
                Blake3Kernel<Lanes16, Vector512<uint>>.Hash(inputs, stride, now, (uint*)&key, batch, cvs);
            else if (path >= Blake3Lanes.Eight && now > 4)
                Blake3Kernel<Lanes8, Vector256<uint>>.Hash(inputs, stride, now, (uint*)&key, batch, cvs);
            else
                Blake3Kernel<Lanes4, Vector128<uint>>.Hash(inputs, stride, now, (uint*)&key, batch, cvs);
            inputs += now * stride;
            cvs += now * Blake3Spec.CvWords;
            batch = batch with { Counter = batch.Counter + (ulong)now * batch.CounterStep };
        }
    }
}
