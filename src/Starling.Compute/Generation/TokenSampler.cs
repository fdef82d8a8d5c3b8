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
    /// <summary>Weights are integers: 2^40 is the likeliest token's.</summary>
    private const float WeightScale = 1099511627776f;

    private readonly int size;
    private readonly NativeBuffer memory;
    private readonly float* adjusted;
    private readonly float* weights;
    private readonly ulong[] allowed;
    private readonly RankedCut ranks;
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
        weights = (float*)(memory.Pointer + row);
        allowed = new ulong[(size + 63) / 64];
        ranks = new RankedCut(size);
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
            float max = row[Sampling.Largest(logits)], logSum = math.LogSum(row, max, weights, size);
            int count = 0;
            for (int i = 0; i < size && top.Length > 0; i++)
                if (count < top.Length || row[i] > row[top[count - 1].Token])
                    Insert(row, top, ref count, i);
            for (int i = 0; i < count; i++)
                top[i] = new TokenLogprob(top[i].Token, row[top[i].Token] - max - logSum);
            return row[token] - max - logSum;
        }
    }

    public void Dispose() => memory.Dispose();

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
        math.Weights(x, max, factor, weights, size);
        var row = new RankedRow(x, weights, size, max, factor, settings.MinP, WeightScale);
        bool whole = settings.TopP >= 1 && (settings.TopK == 0 || settings.TopK >= size);
        Cut cut = whole ? ranks.All(row) : ranks.Of(row, settings.TopK, settings.TopP);
        var (high, low, _, _) = new Philox(settings.Seed, (uint)Purpose.Sample, position).Block(settings.Choice);
        ulong drawn = Math.BigMul(((ulong)high << 32) | low, cut.Total, out _);
        return ranks.At(row, cut, drawn);
    }
}
