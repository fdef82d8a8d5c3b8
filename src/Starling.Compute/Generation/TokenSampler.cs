using System.Numerics;
using System.Runtime.InteropServices;
using Starling.Arithmetic.Random;
using Starling.Compute.Kernels;
using Starling.Compute.Tensors;
using Starling.Compute.Training;

namespace Starling.Compute.Generation;

/// <summary>
/// Chooses tokens from rows of logits, with the same result on every machine: docs/generation.md states how. Owns the
/// working memory of one row, so it serves one thread at a time; a choice allocates nothing.
/// </summary>
public sealed unsafe class TokenSampler : IDisposable
{
    private readonly int size;
    private readonly NativeBuffer memory;
    private readonly float* adjusted;
    private readonly float* work;
    private readonly ulong[] allowed;
    private readonly TokenWeights weights;
    private readonly RowMath math;

    public TokenSampler(int vocabularySize)
        : this(vocabularySize, VectorBackend.BestWidth)
    {
    }

    internal TokenSampler(int vocabularySize, VectorWidth width)
    {
        size = vocabularySize;
        long row = Graphs.MemoryPlan.BytesOf(new(1, size));
        memory = new NativeBuffer(2 * row);
        adjusted = (float*)memory.Pointer;
        work = (float*)(memory.Pointer + row);
        allowed = new ulong[(size + 63) / 64];
        weights = new TokenWeights(size);
        math = RowMath.Create(width);
    }

    /// <summary>
    /// The token for <paramref name="position"/>, the number of tokens before it; -1 if the constraint allows none.
    /// </summary>
    /// <param name="logits">The model's row: finite, one per token, unchanged by this call.</param>
    /// <param name="counts">Tokens of the sequence; may be null where the settings have no penalties.</param>
    public int Choose(
        ReadOnlySpan<float> logits, GenerationSettings settings, uint position,
        TokenCounts? counts = null, ITokenConstraint? constraint = null)
    {
        fixed (float* row = logits)
        {
            float* x = Adjust(row, settings, counts, constraint);
            int likeliest = Sampling.Largest(new ReadOnlySpan<float>(x, size));
            if (float.IsNegativeInfinity(x[likeliest]))
                return -1;
            return settings.IsGreedy ? likeliest : Draw(x, x[likeliest], settings, position);
        }
    }

    /// <summary>
    /// The logarithm of the chosen token's probability before any setting changed it, and into <paramref name="top"/> the
    /// likeliest tokens, by logit descending, then by token.
    /// </summary>
    public float Logprob(ReadOnlySpan<float> logits, int token, Span<TokenLogprob> top)
    {
        fixed (float* row = logits)
        {
            float max = row[Sampling.Largest(logits)], logSum = math.LogSum(row, max, work, size);
            Rank(row, top);
            for (int i = 0; i < top.Length; i++)
                top[i] = new TokenLogprob(top[i].Token, row[top[i].Token] - max - logSum);
            return row[token] - max - logSum;
        }
    }

    public void Dispose()
    {
        weights.Dispose();
        memory.Dispose();
    }

    private void Rank(float* row, Span<TokenLogprob> top)
    {
        int count = 0, i = 0;
        for (; count < top.Length; i++)
            Insert(row, top, ref count, i);
        if (count == 0)
            return;
        for (int step = Vector<float>.Count; i < size; i += step)
        {
            if (i <= size - step && !Vector.GreaterThanAny(Vector.Load(row + i), new Vector<float>(row[top[^1].Token])))
                continue;
            for (int token = i; token < Math.Min(size, i + step); token++)
                if (row[token] > row[top[^1].Token])
                    Insert(row, top, ref count, token);
        }
    }

    private static void Insert(float* row, Span<TokenLogprob> top, ref int count, int token)
    {
        int at = count < top.Length ? count++ : count - 1;
        for (; at > 0 && row[token] > row[top[at - 1].Token]; at--)
            top[at] = top[at - 1];
        top[at] = new TokenLogprob(token, 0);
    }

    /// <summary>The row itself where nothing changes it, else a changed copy; -inf marks what is not allowed.</summary>
    private float* Adjust(float* row, GenerationSettings settings, TokenCounts? counts, ITokenConstraint? constraint)
    {
        if (constraint is null && settings.LogitBias.Count == 0 && !settings.HasPenalties)
            return row;
        NativeMemory.Copy(row, adjusted, (nuint)size * sizeof(float));
        for (int i = 0; i < settings.LogitBias.Count; i++)
            adjusted[settings.LogitBias[i].Token] += settings.LogitBias[i].Bias;
        if (settings.HasPenalties)
            Penalise(settings, counts ?? throw new ArgumentNullException(nameof(counts)));
        if (constraint is not null)
            Forbid(constraint);
        return adjusted;
    }

    private void Penalise(GenerationSettings settings, TokenCounts counts)
    {
        foreach (int token in CollectionsMarshal.AsSpan(counts.Distinct))
        {
            float x = adjusted[token];
            int times = counts.InAnswer(token);
            x = x > 0 ? x / settings.RepetitionPenalty : x * settings.RepetitionPenalty;
            x -= settings.FrequencyPenalty * times;
            x -= times > 0 ? settings.PresencePenalty : 0;
            adjusted[token] = Math.Clamp(x, -float.MaxValue, float.MaxValue);
        }
    }

    private void Forbid(ITokenConstraint constraint)
    {
        Array.Clear(allowed);
        constraint.Allow(allowed);
        for (int i = 0; i < size; i++)
            if ((allowed[i >> 6] >> (i & 63) & 1) == 0)
                adjusted[i] = float.NegativeInfinity;
    }

    private int Draw(float* x, float max, GenerationSettings settings, uint position)
    {
        float factor = 1f / settings.Temperature;
        weights.Set(math, x, max, factor, settings.MinP);
        bool first = settings.TopK > 0 && settings.TopK < size, share = settings.TopP < 1;
        if (first || share)
            weights.Rank(max, factor);
        if (first)
            weights.KeepFirst(settings.TopK);
        if (share)
            weights.KeepShare((ulong)(settings.TopP * 4294967296f));
        var (high, low, _, _) = new Philox(settings.Seed, (uint)Purpose.Sample, position).Block(settings.Choice);
        return weights.Draw(((ulong)high << 32) | low);
    }
}
