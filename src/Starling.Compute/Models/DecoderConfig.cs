using System.Text.Json;
using Starling.Arithmetic;
using Starling.Compute.Graphs;

namespace Starling.Compute.Models;

/// <summary>A decoder-only transformer: an architecture with its sizes.</summary>
public sealed record DecoderConfig : ModelConfig
{
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

    /// <summary>How rotary frequencies are scaled; null for not at all.</summary>
    public RopeScaling? RopeScaling { get; init; }

    public bool TieWordEmbeddings { get; init; }

    /// <summary>Whether query, key and value have biases.</summary>
    public bool AttentionInputBias { get; init; }

    /// <summary>Whether the attention's output has a bias.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the feed-forward part has biases.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>
    /// Deviation of the initial weights. A job that does not say gets 1/sqrt(hidden size): small models learn much
    /// faster from it than from the 0.02 that large ones publish.
    /// </summary>
    public float InitializerRange { get; init; } = 0.02f;

    public override string ModelType => Architecture.ModelType;

    public override int OutputColumns => VocabularySize;

    public override void WriteJson(Utf8JsonWriter writer) => DecoderConfigJson.Write(writer, this);

    internal override Value Logits(ModelBuilder model, int sequences, int length) =>
        DecoderGraph.Logits(model, this, DecoderRows.Training(sequences, length));

    internal override Shape DataShape(int sequences, int length) => new(checked(sequences * length), 1);

    public override IReadOnlyList<PublishedTensor> ListPublished() => DecoderCheckpoint.List(this);

    internal override (string Name, Parameter Shared)? TiedTensor => TieWordEmbeddings
        ? (Architecture.Head + ".weight", ListParameters().First(p => p.Name == Architecture.TokenEmbedding + ".weight"))
        : null;

    internal override IEnumerable<string> NamesOf(PublishedTensor tensor) => DecoderCheckpoint.NamesOf(Architecture, tensor);

    internal override bool Ignores(string tensor) =>
        Architecture.IgnoredTensors.Any(end => tensor.EndsWith(end, StringComparison.Ordinal));
}
