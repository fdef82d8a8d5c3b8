using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Tokens;
using Starling.Programs.Inference.Grammars;
using Starling.Programs.Inference.Requests;
using Starling.Programs.Inference.Templates;
using Starling.Protocol.Hashing;

namespace Starling.Host.OpenAi;

/// <summary>What tokens cost, in micro-credits per million.</summary>
public readonly record struct TokenPrices(long Input, long Output)
{
    private const long Million = 1_000_000;

    /// <summary>The cost of a request, rounded up once.</summary>
    public long Cost(long prompt, long completion) =>
        (long)(((((Int128)prompt * Input) + ((Int128)completion * Output)) + Million - 1) / Million);
}

/// <summary>How a model is served.</summary>
public sealed record ServeOptions
{
    public required string Name { get; init; }

    /// <summary>Tokens of prompt and answer together; null for the model's own, at most <see cref="MostContext"/>.</summary>
    public int? Context { get; init; }

    /// <summary>Answers at the same time.</summary>
    public int Slots { get; init; } = 8;

    /// <summary>Answers that may wait.</summary>
    public int Queue { get; init; } = 64;

    public TokenPrices Prices { get; init; }

    public const int MostContext = 8192;
}

/// <summary>A model that is ready to answer.</summary>
public sealed class ServedModel : IDisposable
{
    private readonly LoadedModel _loaded;
    private readonly WorkerPool _pool;
    private readonly Lock _embedding = new();
    private readonly TextEmbedder _embedder;

    internal ServedModel(LoadedModel loaded, ModelTexts texts, ServeOptions options, DateTimeOffset created)
    {
        _loaded = loaded;
        var config = (DecoderConfig)loaded.Config;
        _pool = new WorkerPool(Environment.ProcessorCount);
        Decoder = new DecoderModel(config, loaded.Parameters, VectorBackend.Best(_pool));
        // A back end of its own: answers and embeddings run side by side.
        _embedder = new TextEmbedder(Decoder.On(VectorBackend.Best()));
        Texts = texts;
        Options = options;
        Created = created;
        Context = Math.Min(options.Context ?? ServeOptions.MostContext, config.MaxPositions);
        Trie = new TokenTrie(Tokenizer, config.VocabularySize);
        var defaults = texts.Defaults with { StopTokens = Tokenizer.EndTokens, MaxNewTokens = Context };
        Facts = new ModelFacts(config.VocabularySize, defaults, texts.HasTools, texts.Calls);
    }

    public string Name => Options.Name;

    public ServeOptions Options { get; }

    public DateTimeOffset Created { get; }

    /// <summary>Tokens of prompt and answer together.</summary>
    public int Context { get; }

    public DecoderModel Decoder { get; }

    public ITokenizer Tokenizer => _loaded.Tokenizer!;

    public TokenTrie Trie { get; }

    /// <summary>Content id of the weights as an endpoint's terms name them.</summary>
    public Hash256 Weights() => StateBlob.Hash(_loaded.Parameters);

    internal TensorMemory Parameters => _loaded.Parameters;

    internal ModelTexts Texts { get; }

    internal ModelFacts Facts { get; }

    /// <summary>The vector of a text, as <see cref="TextEmbedder"/> makes it.</summary>
    public float[] Embed(int[] tokens)
    {
        lock (_embedding)
            return _embedder.Embed(tokens);
    }

    public void Dispose()
    {
        Decoder.Dispose();
        _pool.Dispose();
        _loaded.Dispose();
    }
}
