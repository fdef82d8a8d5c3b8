using System.Numerics;
using System.Runtime.CompilerServices;
using Starling.Compute.Tensors;

namespace Starling.Compute.Generation;

/// <summary>
/// Integer weights of the tokens, from which limits take away and one is drawn. Sums of integers do not depend on their
/// order, and no limit sorts the vocabulary: tokens are counted per bucket of logits, and only the bucket where the limit
/// falls is sorted. The buckets do not show in the result.
/// </summary>
internal sealed unsafe class TokenWeights : IDisposable
{
    /// <summary>The weight of the likeliest token.</summary>
    private const float Scale = 1 << 30;

    /// <summary>Buckets, and how many make one power of e: weights of the last one are 0.</summary>
    private const int Buckets = 2048, BucketsPerUnit = 96;

    private const int BlockLength = 256;

    private readonly int size;
    private readonly NativeBuffer memory;
    private readonly int* weights;
    private readonly int* buckets;
    private readonly long[] sums = new long[Buckets];
    private readonly long[] blocks;
    private readonly ulong[] keys;
    private float* logits;

    public TokenWeights(int size)
    {
        this.size = size;
        long row = Graphs.MemoryPlan.BytesOf(new(1, size));
        memory = new NativeBuffer(2 * row);
        weights = (int*)memory.Pointer;
        buckets = (int*)(memory.Pointer + row);
        blocks = new long[(size + BlockLength - 1) / BlockLength];
        keys = new ulong[size];
    }

    /// <summary>weight = integer part of exp((x - max) * factor) * 2^30, or 0 where the exponential is below least.</summary>
    /// <param name="x">The logits, unchanged until the draw.</param>
    public void Set(RowMath math, float* x, float max, float factor, float least)
    {
        logits = x;
        float* exponentials = (float*)weights;
        math.Weights(x, max, factor, exponentials, size);
        int i = 0, w = Vector<float>.Count;
        for (; i <= size - w; i += w)
        {
            Vector<float> e = Vector.Load(exponentials + i);
            Vector<int> kept = Vector.GreaterThanOrEqual(e, new Vector<float>(least));
            Vector.Store(Vector.ConvertToInt32(e * Scale) & kept, weights + i);
        }

        for (; i < size; i++)
            weights[i] = exponentials[i] >= least ? (int)(exponentials[i] * Scale) : 0;
    }

    /// <summary>Makes ready for the limits.</summary>
    public void Rank(float max, float factor)
    {
        int i = 0, w = Vector<float>.Count;
        Vector<float> last = new(Buckets - 1);
        for (; i <= size - w; i += w)
        {
            Vector<float> below = (new Vector<float>(max) - Vector.Load(logits + i)) * factor * BucketsPerUnit;
            Vector.Store(Vector.ConvertToInt32(Vector.Min(below, last)), buckets + i);
        }

        for (; i < size; i++)
            buckets[i] = (int)MathF.Min((max - logits[i]) * factor * BucketsPerUnit, Buckets - 1);
    }

    /// <summary>Leaves the first so many tokens by rank: logit descending, then id ascending.</summary>
    public void KeepFirst(int count)
    {
        Array.Clear(sums);
        for (int i = 0; i < size; i++)
            sums[buckets[i]]++;
        int bucket = 0;
        while (bucket < Buckets - 1 && sums[bucket] < count)
            count -= (int)sums[bucket++];
        if (bucket < Buckets - 1)
            Cut(bucket, Sort(bucket), count);
    }

    /// <summary>Leaves the fewest tokens, by rank and at least one, whose weights reach a share of all.</summary>
    /// <param name="share">In units of 2^-32.</param>
    public void KeepShare(ulong share)
    {
        Array.Clear(sums);
        for (int i = 0; i < size; i++)
            sums[buckets[i]] += weights[i];
        long total = 0, before = 0;
        foreach (long sum in sums)
            total += sum;
        long target = (long)(((UInt128)total * share) >> 32);
        int bucket = 0;
        while (before + sums[bucket] < target)
            before += sums[bucket++];
        int found = Sort(bucket), kept = 0;
        do
            before += weights[IdOf(keys[kept++])];
        while (before < target);
        Cut(bucket, found, kept);
    }

    /// <summary>The lowest id at which the sum over ids exceeds the same share of the whole as the draw has of 2^64.</summary>
    public int Draw(ulong draw)
    {
        long total = 0;
        for (int block = 0; block < blocks.Length; block++)
            total += blocks[block] = Sum(block * BlockLength, Math.Min(size, (block + 1) * BlockLength));
        long left = (long)Math.BigMul(draw, (ulong)total, out _);
        int at = 0;
        while (left >= blocks[at])
            left -= blocks[at++];
        for (at *= BlockLength; left >= weights[at]; at++)
            left -= weights[at];
        return at;
    }

    public void Dispose() => memory.Dispose();

    /// <summary>Of integers, so the width of the vectors does not show.</summary>
    private long Sum(int from, int to)
    {
        Vector<long> sum = default;
        for (; from <= to - Vector<int>.Count; from += Vector<int>.Count)
        {
            Vector.Widen(Vector.Load(weights + from), out Vector<long> low, out Vector<long> high);
            sum += low + high;
        }

        long total = Vector.Sum(sum);
        for (; from < to; from++)
            total += weights[from];
        return total;
    }

    /// <summary>Takes the weight from every token of later buckets, and from those of this one after the first so many.</summary>
    private void Cut(int bucket, int found, int kept)
    {
        int i = 0, w = Vector<int>.Count;
        for (; i <= size - w; i += w)
            Vector.Store(
                Vector.Load(weights + i) & Vector.LessThanOrEqual(Vector.Load(buckets + i), new Vector<int>(bucket)), weights + i);
        for (; i < size; i++)
            weights[i] = buckets[i] <= bucket ? weights[i] : 0;
        for (int rank = kept; rank < found; rank++)
            weights[IdOf(keys[rank])] = 0;
    }

    /// <summary>Puts the keys of the bucket's tokens in rank order; returns how many.</summary>
    private int Sort(int bucket)
    {
        int found = 0;
        ReadOnlySpan<int> all = new(buckets, size);
        for (int at = 0, next; (next = all[at..].IndexOf(bucket)) >= 0; at += next + 1)
            keys[found++] = KeyOf(logits[at + next], at + next);
        keys.AsSpan(0, found).Sort();
        return found;
    }

    /// <summary>Ascending keys are descending logits, +0 equal to -0, then ascending ids.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong KeyOf(float logit, int id)
    {
        int bits = BitConverter.SingleToInt32Bits(logit + 0f);
        uint ascending = (uint)bits ^ (bits < 0 ? uint.MaxValue : 0x8000_0000u);
        return ((ulong)~ascending << 32) | (uint)id;
    }

    private static int IdOf(ulong key) => (int)(uint)key;
}
