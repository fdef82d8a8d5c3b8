namespace Starling.Compute.Generation;

/// <summary>
/// One sequence at a time: its logits, or an answer to a prompt by an engine of one slot. Splitting a text into other
/// calls of <see cref="Append"/> changes no bit of any logit.
/// </summary>
public sealed class Generator : IDisposable
{
    private readonly CachedDecoder decoder;

    /// <param name="capacity">Most tokens of the sequence, prompt and answer together.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not from 1 to the model's positions.</exception>
    public Generator(DecoderModel model, int capacity) => decoder = new CachedDecoder(model, slots: 1, capacity);

    public int Capacity => decoder.Capacity;

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
                (uint)token, (uint)decoder.VocabularySize, nameof(tokens));

        decoder.Extend(slot: 0, tokens[..^1], Length);
        Length += tokens.Length;
        DecoderPass pass = decoder.Decode(slots: 1);
        pass.Set(row: 0, tokens[^1], Length - 1);
        return pass.Run(firstSlot: 0).Span;
    }

    /// <summary>
    /// Answers a prompt from an empty cache: gives each token to <paramref name="emit"/> as it is chosen.
    /// </summary>
    /// <exception cref="ArgumentException">The prompt or a setting is refused.</exception>
    public GenerationStop Generate(
        ReadOnlySpan<int> prompt,
        GenerationSettings settings,
        Action<int> emit,
        CancellationToken cancellation = default)
    {
        Reset();
        using GenerationEngine engine = new(decoder, new EngineLimits { Capacity = Capacity });
        GenerationRequest request = new() { Id = new RequestId(0), Prompt = prompt.ToArray(), Settings = settings };
        if (engine.Submit(request) is { } problem)
            throw new ArgumentException(problem.Message, nameof(prompt));
        Sink sink = new(emit);
        while (!cancellation.IsCancellationRequested && engine.Step(sink))
        {
        }

        return sink.Stop ?? GenerationStop.Cancelled;
    }

    public void Dispose() => decoder.Dispose();

    private sealed class Sink(Action<int> emit) : IGenerationSink
    {
        public GenerationStop? Stop { get; private set; }

        public void Token(RequestId request, in ChosenToken token) => emit(token.Token);

        public void Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text) => Stop = stop;
    }
}
