using System.Diagnostics;
using System.Text.Json;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Bench;

/// <summary>A Llama of about 100 million parameters with random weights, and timed stretches of its engine.</summary>
internal sealed class LlamaSample : IDisposable
{
    public const int Prompt = 32, Tokens = 64, Context = 512;
    private const int Hidden = 768, Layers = 12, Heads = 12, Intermediate = 2048, Vocabulary = 32000;

    public const int VocabularySize = Vocabulary;

    private readonly WorkerPool _pool;
    private readonly TensorMemory _parameters;
    private readonly GenerationEngine _engine;
    private readonly Sink _sink = new();
    private long _requests;

    public LlamaSample(int threads, int slots)
    {
        var config = Config();
        _pool = new WorkerPool(threads);
        _parameters = new TensorMemory(config.CreateLayout());
        for (var i = 0; i < _parameters.Tensors.Length; i++)
            Fill(_parameters.Tensors[i].Span, (uint)i + 1);
        Model = new DecoderModel(config, _parameters, VectorBackend.Best(_pool));
        _engine = new GenerationEngine(Model, new EngineLimits { Slots = slots, Capacity = Context });
    }

    public DecoderModel Model { get; }

    public WorkerPool Pool => _pool;

    /// <summary>Bytes of weights that decoding one token reads: every matrix once, the tied table as the head.</summary>
    public static double WeightBytes =>
        4.0 * ((Layers * ((4.0 * Hidden * Hidden) + (3.0 * Hidden * Intermediate))) + ((double)Vocabulary * Hidden));

    public static object PeerConfiguration(int sequences, int threads, double seconds) => new
    {
        hidden_size = Hidden,
        num_hidden_layers = Layers,
        num_attention_heads = Heads,
        intermediate_size = Intermediate,
        vocab_size = Vocabulary,
        sequences,
        prompt = Prompt,
        tokens = Tokens,
        threads,
        seconds,
    };

    /// <summary>
    /// Tokens per second of so many sequences decoded together, prompts not counted: for about that long, or until contexts
    /// have grown by <see cref="Tokens"/>.
    /// </summary>
    public double Rate(int sequences, double seconds, GenerationSettings? settings = null)
    {
        var first = Begin(sequences, settings ?? new GenerationSettings());
        var before = _sink.Tokens;
        var watch = Stopwatch.StartNew();
        for (var step = 0; step < Tokens && watch.Elapsed.TotalSeconds < seconds; step++)
            _engine.Step(_sink);
        var rate = (_sink.Tokens - before) / watch.Elapsed.TotalSeconds;
        for (var id = first; id < _requests; id++)
            _engine.Cancel(new RequestId(id));
        return rate;
    }

    /// <summary>Runs some requests for answers of so many tokens to their ends.</summary>
    public GenerationRequest[] Serve(int requests, int tokens, IGenerationSink sink)
    {
        var settings = new GenerationSettings { Temperature = 1, TopP = 0.95f, MaxNewTokens = tokens };
        GenerationRequest[] submitted = [.. Enumerable.Range(0, requests).Select(i => Request(i, settings))];
        foreach (var request in submitted)
            _engine.Submit(request);
        while (_engine.Step(sink))
        {
        }

        return submitted;
    }

    public void Dispose()
    {
        _engine.Dispose();
        Model.Dispose();
        _parameters.Dispose();
        _pool.Dispose();
    }

    private long Begin(int sequences, GenerationSettings settings)
    {
        var first = _requests;
        for (var i = 0; i < sequences; i++)
            if (_engine.Submit(Request(i, settings with { MaxNewTokens = Context })) is { } problem)
                throw new InvalidOperationException(problem.Message);
        for (var target = _sink.Begun + sequences; _sink.Begun < target;)
            _engine.Step(_sink);
        return first;
    }

    private GenerationRequest Request(int number, GenerationSettings settings) => new()
    {
        Id = new RequestId(_requests++),
        Prompt = Enumerable.Range(0, Prompt).Select(i => ((number * 97) + (i * 31)) % Vocabulary).ToArray(),
        Settings = settings,
    };

    private static void Fill(Span<float> values, uint seed)
    {
        var state = seed * 2654435761u;
        foreach (ref var value in values)
            value = (((state = (state * 1664525) + 1013904223) >> 8) * (1f / (1 << 24)) - 0.5f) * 0.07f;
    }

    private static DecoderConfig Config()
    {
        using var json = JsonDocument.Parse(
            $$"""
            {"model_type": "llama", "hidden_size": {{Hidden}}, "num_hidden_layers": {{Layers}},
             "num_attention_heads": {{Heads}}, "intermediate_size": {{Intermediate}}, "vocab_size": {{Vocabulary}},
             "max_position_embeddings": {{Context}}, "tie_word_embeddings": true}
            """);
        return (DecoderConfig)(ModelConfig.Parse(json.RootElement, out var problems)
            ?? throw new InvalidOperationException(problems[0].ToString()));
    }

    private sealed class Sink : IGenerationSink
    {
        public long Tokens { get; private set; }

        /// <summary>Answers whose prompt is done.</summary>
        public long Begun { get; private set; }

        public void Token(RequestId request, in ChosenToken token)
        {
            Tokens++;
            Begun += token.Index == 0 ? 1 : 0;
        }

        public void Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text)
        {
        }
    }
}
