using System.Text.Json;

namespace Starling.Compute.Models;

/// <summary>Reads and writes a <see cref="DecoderConfig"/> by the keys that its architecture publishes.</summary>
internal static class DecoderConfigJson
{
    private const int MaxWidth = 1 << 16;

    /// <summary>The keys that decide something, in the order in which they are written.</summary>
    public static IReadOnlyList<string> KeysOf(DecoderArchitecture architecture)
    {
        DecoderKeys keys = architecture.Keys;
        IEnumerable<string?> all =
        [
            "model_type", keys.HiddenSize, keys.IntermediateSize, keys.Layers, keys.Heads, keys.KeyValueHeads,
            keys.HeadSize, "vocab_size", keys.MaxPositions, keys.NormEpsilon, .. RotaryKeys(architecture), "tie_word_embeddings",
            "initializer_range", keys.Activation, keys.AttentionBias, keys.FeedForwardBias,
            .. architecture.FixedKeys.Select(pair => pair.Key),
        ];
        return [.. all.OfType<string>()];
    }

    public static DecoderConfig Read(ConfigReader reader, DecoderArchitecture architecture)
    {
        DecoderKeys keys = architecture.Keys;
        int hidden = reader.Integer(keys.HiddenSize, 1, MaxWidth, null);
        int heads = reader.Integer(keys.Heads, 1, 1024, null);
        bool attentionBias = keys.AttentionBias is { } bias && reader.Flag(bias, false);
        reader.OneOf(keys.Activation, architecture.Activations);
        foreach ((string key, string value) in architecture.FixedKeys)
            reader.MustBe(key, value);
        reader.MustBe("layer_types", "full_attention");
        reader.MustBe("pruned_heads", "{}");
        reader.MustBe("is_encoder_decoder", "false");
        reader.MustBeAbsent("quantization_config");
        bool rotary = architecture.Positions == PositionKind.Rotary;
        int positions = reader.Integer(keys.MaxPositions, 1, 1 << 20, architecture.DefaultMaxPositions);
        float theta = rotary ? RopeScalingJson.ReadTheta(reader) : 10000;
        return new DecoderConfig
        {
            Architecture = architecture,
            HiddenSize = hidden,
            IntermediateSize = reader.Integer(
                keys.IntermediateSize, 1, 4 * MaxWidth, DefaultIntermediate(architecture.FeedForward, hidden)),
            Layers = reader.Integer(keys.Layers, 1, 512, null),
            Heads = heads,
            KeyValueHeads = KeyHeads(reader, keys, heads),
            HeadSize = HeadSize(reader, architecture, hidden, heads),
            VocabularySize = reader.Integer("vocab_size", 2, 1 << 20, 256),
            MaxPositions = positions,
            NormEpsilon = reader.Number(keys.NormEpsilon, 1e-12f, 1, 1e-5f),
            RopeTheta = theta,
            RopeScaling = rotary ? RopeScalingJson.Read(reader, positions, theta) : null,
            TieWordEmbeddings = reader.Flag("tie_word_embeddings", architecture.TiesWordEmbeddings),
            AttentionInputBias = attentionBias || architecture.AttentionInputBias,
            AttentionOutputBias = attentionBias || architecture.AttentionOutputBias,
            FeedForwardBias = architecture.FeedForwardBias
                || (keys.FeedForwardBias is { } inner && reader.Flag(inner, false)),
            InitializerRange = reader.Number("initializer_range", 1e-6f, 10, 1 / MathF.Sqrt(Math.Max(hidden, 1))),
        };
    }

    public static void Write(Utf8JsonWriter writer, DecoderConfig config)
    {
        DecoderKeys keys = config.Architecture.Keys;
        writer.WriteStartObject();
        writer.WriteStartArray("architectures");
        writer.WriteStringValue(config.Architecture.ClassName);
        writer.WriteEndArray();
        writer.WriteString("model_type", config.ModelType);
        writer.WriteNumber(keys.HiddenSize, config.HiddenSize);
        writer.WriteNumber(keys.IntermediateSize, config.IntermediateSize);
        writer.WriteNumber(keys.Layers, config.Layers);
        writer.WriteNumber(keys.Heads, config.Heads);
        if (keys.KeyValueHeads is { } keyHeads)
            writer.WriteNumber(keyHeads, config.KeyValueHeads);
        if (keys.HeadSize is { } headSize)
            writer.WriteNumber(headSize, config.HeadSize);
        writer.WriteNumber("vocab_size", config.VocabularySize);
        writer.WriteNumber(keys.MaxPositions, config.MaxPositions);
        writer.WriteNumber(keys.NormEpsilon, config.NormEpsilon);
        if (config.Architecture.Positions == PositionKind.Rotary)
            writer.WriteNumber(RopeScalingJson.Theta, config.RopeTheta);
        if (config.RopeScaling is { } scaling)
            RopeScalingJson.Write(writer, scaling);
        writer.WriteNumber("initializer_range", config.InitializerRange);
        writer.WriteBoolean("tie_word_embeddings", config.TieWordEmbeddings);
        writer.WriteString(keys.Activation, config.Architecture.Activations[0]);
        if (keys.AttentionBias is { } attentionBias)
            writer.WriteBoolean(attentionBias, config.AttentionInputBias);
        if (keys.FeedForwardBias is { } innerBias)
            writer.WriteBoolean(innerBias, config.FeedForwardBias);
        writer.WriteString("torch_dtype", "float32");
        writer.WriteEndObject();
    }

    private static IEnumerable<string> RotaryKeys(DecoderArchitecture architecture) =>
        architecture.Positions == PositionKind.Rotary ? [RopeScalingJson.Theta, RopeScalingJson.Key] : [];

    private static int KeyHeads(ConfigReader reader, DecoderKeys keys, int heads)
    {
        if (keys.KeyValueHeads is not { } key)
            return heads;
        int keyHeads = reader.Integer(key, 1, 1024, Math.Max(heads, 1));
        if (heads % keyHeads != 0)
            reader.Add(key, $"must divide {keys.Heads} ({heads}).");
        return keyHeads;
    }

    private static int HeadSize(ConfigReader reader, DecoderArchitecture architecture, int hidden, int heads)
    {
        DecoderKeys keys = architecture.Keys;
        if (heads > 0 && hidden % heads != 0 && (keys.HeadSize is null || !reader.Has(keys.HeadSize)))
            reader.Add(keys.Heads, $"must divide {keys.HiddenSize} ({hidden}).");
        int shared = Math.Max(hidden / Math.Max(heads, 1), architecture.Positions == PositionKind.Rotary ? 2 : 1);
        int size = keys.HeadSize is { } key ? reader.Integer(key, 1, 1024, shared) : shared;
        if (architecture.Positions == PositionKind.Rotary && size % 2 != 0)
            reader.Add(keys.HeadSize ?? keys.Heads, $"must be even, not {size}: rotary positions turn pairs.");
        return size;
    }

    /// <summary>
    /// Four widths, or for a gated layer 8/3 of the width up to a multiple of 32, which has as many weights.
    /// </summary>
    private static int DefaultIntermediate(FeedForwardKind kind, int hidden) =>
        Math.Max(kind == FeedForwardKind.SwiGlu ? ((hidden * 8) + 95) / 96 * 32 : 4 * hidden, 1);
}
