using System.Numerics;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Generation;

/// <summary>Why a generation ended.</summary>
public enum GenerationStop
{
    MaxNewTokens = 1,

    /// <summary>The sequence fills the cache.</summary>
    ContextFull = 2,

    /// <summary>The model's logits are not finite.</summary>
    NotFinite = 3,

    Cancelled = 4,
}

/// <summary>
/// One sequence's key and value cache, and the graphs that extend it. Splitting a text into other calls of
/// <see cref="Append"/> changes no bit of any logit.
/// </summary>
public sealed class Generator : IDisposable
{
    private const int LargestChunk = 64;

    private readonly DecoderConfig config;
    private readonly TensorMemory parameters;
    private readonly IBackend backend;
    private readonly TensorMemory cache;
    private readonly Dictionary<int, DecodeGraph> graphs = [];

    /// <param name="capacity">Most tokens of the sequence, prompt and answer together.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not from 1 to the model's positions.</exception>
    public Generator(DecoderConfig config, TensorMemory parameters, IBackend backend, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, config.MaxPositions);
        this.config = config;
        this.parameters = parameters;
        this.backend = backend;
        Capacity = capacity;
        cache = new TensorMemory(DecodeGraph.CacheLayout(config, capacity));
    }

    public int Capacity { get; }

    /// <summary>Tokens in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>Forgets the sequence. What the cache still holds lies past every position that attends.</summary>
    public void Reset() => Length = 0;

    /// <summary>Extends the sequence and returns the logits after its last token; valid until the next call.</summary>
    /// <exception cref="ArgumentException">No tokens, more than fit, or one outside the vocabulary.</exception>
    public ReadOnlySpan<float> Append(scoped ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty || tokens.Length > Capacity - Length)
            throw new ArgumentException(
                $"From 1 to {Capacity - Length} tokens fit, not {tokens.Length}.", nameof(tokens));
        foreach (int token in tokens)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(
                (uint)token, (uint)config.VocabularySize, nameof(tokens));

        TensorView logits = default;
        while (!tokens.IsEmpty)
        {
            int rows = NextChunk(tokens.Length);
            logits = GraphOf(rows).Run(tokens[..rows], Length);
            Length += rows;
            tokens = tokens[rows..];
        }

        return logits.Span;
    }

    /// <summary>
    /// Answers a prompt from an empty cache: gives each token to <paramref name="emit"/> as it is chosen.
    /// </summary>
    public GenerationStop Generate(
        ReadOnlySpan<int> prompt,
        GenerationSettings settings,
        Action<int> emit,
        CancellationToken cancellation = default)
    {
        Reset();
        ReadOnlySpan<float> logits = Append(prompt);
        for (int made = 1; made <= settings.MaxNewTokens; made++)
        {
            if (cancellation.IsCancellationRequested)
                return GenerationStop.Cancelled;
            if (!FiniteCheck.AllFinite(logits))
                return GenerationStop.NotFinite;
            int token = Sampling.Next(logits, settings, Length);
            emit(token);
            if (made == settings.MaxNewTokens)
                break;
            if (Length == Capacity)
                return GenerationStop.ContextFull;
            logits = Append([token]);
        }

        return GenerationStop.MaxNewTokens;
    }

    public void Dispose()
    {
        foreach (DecodeGraph graph in graphs.Values)
            graph.Dispose();
        cache.Dispose();
    }

    /// <summary>Row counts in which <paramref name="count"/> tokens are appended: few graphs serve any.</summary>
    internal static IEnumerable<int> Chunks(int count)
    {
        for (int rows; count > 0; count -= rows)
            yield return rows = NextChunk(count);
    }

    private static int NextChunk(int left) => Math.Min(LargestChunk, 1 << BitOperations.Log2((uint)left));

    private DecodeGraph GraphOf(int rows)
    {
        if (!graphs.TryGetValue(rows, out DecodeGraph? graph))
            graphs.Add(rows, graph = new DecodeGraph(config, parameters, cache, Capacity, rows, backend));
        return graph;
    }
}
