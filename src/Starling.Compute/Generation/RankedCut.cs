using System.Runtime.CompilerServices;

namespace Starling.Compute.Generation;

/// <summary>
/// The tokens that may be drawn: those ranked at or before the one with this logit and id, rank being by logit
/// descending, then by id ascending.
/// </summary>
/// <param name="Bucket">That of the last token; every token of a lower one is in.</param>
/// <param name="Total">Sum of the weights.</param>
internal readonly record struct Cut(int Bucket, float Logit, int Id, ulong Total);

/// <summary>A row of logits with the weight of each.</summary>
internal readonly unsafe ref struct RankedRow(
    float* logits, float* weights, int count, float max, float factor, float least, float scale)
{
    public int Count => count;

    public float Logit(int id) => logits[id];

    /// <summary>The weight as an integer; 0 below the least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Weight(int id) => weights[id] >= least ? (ulong)(long)(weights[id] * scale) : 0;

    /// <summary>A number that never falls from one rank to the next. Weights of the last bucket are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bucket(int id) => (int)MathF.Min((max - logits[id]) * factor * 64, RankedCut.Buckets - 1);
}

/// <summary>
/// Finds which tokens may be drawn without sorting the vocabulary: counts and weights per bucket of logits, then the
/// sorted tokens of the one bucket where the limit falls. The buckets do not show in the result.
/// </summary>
internal sealed class RankedCut(int size)
{
    public const int Buckets = 2048;

    private readonly int[] counts = new int[Buckets];
    private readonly ulong[] sums = new ulong[Buckets];
    private readonly short[] buckets = new short[size];
    private readonly ulong[] keys = new ulong[size];

    /// <summary>Every token.</summary>
    public Cut All(in RankedRow row)
    {
        ulong total = 0;
        for (int i = 0; i < row.Count; i++)
            total += row.Weight(i);
        Array.Clear(buckets);
        return new Cut(1, 0, 0, total);
    }

    /// <summary>The first <paramref name="topK"/> (0 for all), of these the fewest that reach the share topP.</summary>
    public Cut Of(in RankedRow row, int topK, float topP)
    {
        Fill(row);
        Cut cut = First(row, topK == 0 ? row.Count : topK);
        return topP < 1 ? Share(row, cut, topP) : cut;
    }

    /// <summary>The token at which the running sum over ids first exceeds <paramref name="drawn"/>.</summary>
    public int At(in RankedRow row, Cut cut, ulong drawn)
    {
        ulong sum = 0;
        for (int i = 0; i < row.Count; i++)
        {
            if (buckets[i] > cut.Bucket || (buckets[i] == cut.Bucket && !Contains(cut, row.Logit(i), i)))
                continue;
            sum += row.Weight(i);
            if (sum > drawn)
                return i;
        }

        throw new InvalidOperationException("The weights do not reach their own sum.");
    }

    private static bool Contains(Cut cut, float logit, int id) => logit > cut.Logit || (logit == cut.Logit && id <= cut.Id);

    private void Fill(in RankedRow row)
    {
        Array.Clear(counts);
        Array.Clear(sums);
        for (int i = 0; i < row.Count; i++)
        {
            int bucket = row.Bucket(i);
            buckets[i] = (short)bucket;
            counts[bucket]++;
            sums[bucket] += row.Weight(i);
        }
    }

    private Cut First(in RankedRow row, int topK)
    {
        int bucket = 0;
        ulong before = 0;
        for (; bucket < Buckets - 1 && counts[bucket] < topK; bucket++)
        {
            topK -= counts[bucket];
            before += sums[bucket];
        }

        if (bucket == Buckets - 1)
            return new Cut(Buckets, 0, 0, before);
        int found = Sort(row, bucket);
        for (int i = 0; i < topK; i++)
            before += row.Weight(IdOf(keys[i]));
        return CutAt(row, bucket, keys[Math.Min(topK, found) - 1], before);
    }

    private Cut Share(in RankedRow row, Cut cut, float topP)
    {
        ulong share = (ulong)(topP * 4294967296f), target = (ulong)(((UInt128)cut.Total * share) >> 32), before = 0;
        int bucket = 0;
        while (bucket < cut.Bucket && before + sums[bucket] < target)
            before += sums[bucket++];
        int found = Sort(row, bucket), rank = 0;
        for (; rank < found; rank++)
        {
            before += row.Weight(IdOf(keys[rank]));
            if (before >= target)
                break;
        }

        return CutAt(row, bucket, keys[rank], before);
    }

    private static Cut CutAt(in RankedRow row, int bucket, ulong key, ulong total) =>
        new(bucket, row.Logit(IdOf(key)), IdOf(key), total);

    /// <summary>The bucket's tokens in rank order; returns how many.</summary>
    private int Sort(in RankedRow row, int bucket)
    {
        int found = 0;
        ReadOnlySpan<short> rest = buckets.AsSpan(0, row.Count);
        for (int at = 0, next; (next = rest[at..].IndexOf((short)bucket)) >= 0; at += next + 1)
            keys[found++] = KeyOf(row.Logit(at + next), at + next);
        keys.AsSpan(0, found).Sort();
        return found;
    }

    /// <summary>Ascending keys are descending logits, +0 equal to -0, then ascending ids.</summary>
    private static ulong KeyOf(float logit, int id)
    {
        int bits = BitConverter.SingleToInt32Bits(logit + 0f);
        uint ascending = (uint)bits ^ (bits < 0 ? uint.MaxValue : 0x8000_0000u);
        return ((ulong)~ascending << 32) | (uint)id;
    }

    private static int IdOf(ulong key) => (int)(uint)key;
}
