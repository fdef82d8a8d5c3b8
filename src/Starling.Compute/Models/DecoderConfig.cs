using System.Text.Json;
using Starling.Arithmetic;
using Starling.Compute.Graphs;

namespace Starling.Compute.Models;

/// <summary>A decoder-only transformer. Properties are the keys of <c>config.json</c>.</summary>
public sealed record DecoderConfig : ModelConfig
{
    private const int MaxWidth = 1 << 16;

    public required DecoderArchitecture Architecture { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int KeyValueHeads { get; init; }

    public required int HeadSize { get; init; }

    public required int VocabularySize { get; init; }

    public required int MaxPositions { get; init; }

    public float NormEpsilon { get; init; } = 1e-5f;

    public float RopeTheta { get; init; } = 10000;

    public bool TieWordEmbeddings { get; init; }

    /// <summary>
    /// Deviation of the initial weights. A job that does not say gets 1/sqrt(hidden_size): small models learn much
    /// faster from it than from the 0.02 that large ones publish.
    /// </summary>
    public float InitializerRange { get; init; } = 0.02f;

    public override string ModelType => Architecture.ModelType;

    public override int OutputColumns => VocabularySize;

    internal static IReadOnlyList<string> Keys { get; } =
    [
        "model_type", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
        "num_key_value_heads", "head_dim", "vocab_size", "max_position_embeddings", "rms_norm_eps", "rope_theta",
        "tie_word_embeddings", "initializer_range", "hidden_act", "attention_bias", "mlp_bias",
    ];

    internal static DecoderConfig Read(ConfigReader reader, DecoderArchitecture architecture)
    {
        int hidden = reader.Integer("hidden_size", 1, MaxWidth, null);
        int heads = reader.Integer("num_attention_heads", 1, 1024, null);
        int keyHeads = reader.Integer("num_key_value_heads", 1, 1024, Math.Max(heads, 1));
        if (heads > 0 && hidden % heads != 0)
            reader.Add("num_attention_heads", $"must divide hidden_size ({hidden}).");
        if (keyHeads > 0 && heads % keyHeads != 0)
            reader.Add("num_key_value_heads", $"must divide num_attention_heads ({heads}).");
        int headSize = reader.Integer("head_dim", 2, 1024, Math.Max(hidden / Math.Max(heads, 1), 2));
        if (headSize % 2 != 0)
            reader.Add("head_dim", $"must be even, not {headSize}: rotary positions turn pairs.");
        reader.MustBe("hidden_act", "silu");
        reader.MustBe("attention_bias", "false");
        reader.MustBe("mlp_bias", "false");
        reader.MustBeAbsent("rope_scaling");
        return new DecoderConfig
        {
            Architecture = architecture,
            HiddenSize = hidden,
            IntermediateSize = reader.Integer("intermediate_size", 1, 4 * MaxWidth, DefaultIntermediate(hidden)),
            Layers = reader.Integer("num_hidden_layers", 1, 512, null),
            Heads = heads,
            KeyValueHeads = keyHeads,
            HeadSize = headSize,
            VocabularySize = reader.Integer("vocab_size", 2, 1 << 20, 256),
            MaxPositions = reader.Integer("max_position_embeddings", 1, 1 << 20, 2048),
            NormEpsilon = reader.Number("rms_norm_eps", 1e-12f, 1, 1e-5f),
            RopeTheta = reader.Number("rope_theta", 1, 1e9f, 10000),
            TieWordEmbeddings = reader.Flag("tie_word_embeddings", false),
            InitializerRange = reader.Number("initializer_range", 1e-6f, 10, 1 / MathF.Sqrt(Math.Max(hidden, 1))),
        };
    }

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("architectures");
        writer.WriteStringValue(Architecture.ClassName);
        writer.WriteEndArray();
        writer.WriteString("model_type", ModelType);
        writer.WriteNumber("hidden_size", HiddenSize);
        writer.WriteNumber("intermediate_size", IntermediateSize);
        writer.WriteNumber("num_hidden_layers", Layers);
        writer.WriteNumber("num_attention_heads", Heads);
        writer.WriteNumber("num_key_value_heads", KeyValueHeads);
        writer.WriteNumber("head_dim", HeadSize);
        writer.WriteNumber("vocab_size", VocabularySize);
        writer.WriteNumber("max_position_embeddings", MaxPositions);
        writer.WriteNumber("rms_norm_eps", NormEpsilon);
        writer.WriteNumber("rope_theta", RopeTheta);
        writer.WriteNumber("initializer_range", InitializerRange);
        writer.WriteBoolean("tie_word_embeddings", TieWordEmbeddings);
        writer.WriteString("hidden_act", "silu");
        writer.WriteBoolean("attention_bias", false);
        writer.WriteBoolean("mlp_bias", false);
        writer.WriteString("torch_dtype", "float32");
        writer.WriteEndObject();
    }

    internal override Value Logits(ModelBuilder model, int sequences, int length) =>
        DecoderGraph.Logits(model, this, DecoderRows.Training(sequences, length));

    internal override Shape DataShape(int sequences, int length) => new(checked(sequences * length), 1);

    /// <summary>8/3 of the width up to a multiple of 32: as many weights as a plain layer of 4 widths.</summary>
    private static int DefaultIntermediate(int hidden) => ((hidden * 8) + 95) / 96 * 32;
}
