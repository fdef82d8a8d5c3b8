using System.Text.Json;
using Starling.Arithmetic;
using Starling.Compute.Graphs;
using Starling.Compute.Tensors;

namespace Starling.Compute.Models;

/// <summary>A key of a model's configuration that is missing, mistyped or out of bounds.</summary>
public sealed record ConfigProblem(string Key, string Message);

/// <summary>
/// An architecture with its sizes, read from the keys of a Hugging Face <c>config.json</c>. Equal configurations build
/// equal graphs.
/// </summary>
public abstract record ModelConfig
{
    /// <summary>The value of <c>model_type</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>Classes or vocabulary: columns of the logits.</summary>
    public abstract int OutputColumns { get; }

    /// <summary>The trained tensors in the order in which states store them: a walk of the description.</summary>
    public IReadOnlyList<Parameter> ListParameters()
    {
        ModelBuilder model = new();
        Logits(model, sequences: 1, length: 1);
        return model.Parameters;
    }

    /// <summary>The layout of a checkpoint of this model.</summary>
    public TensorLayout CreateLayout() => TensorLayout.Create(ListParameters().Select(p => (p.Name, p.Shape)));

    /// <summary>
    /// Reads a configuration, reporting every problem at once; null exactly when there is one. Keys that the
    /// architecture does not use are ignored, as published configurations carry many.
    /// </summary>
    public static ModelConfig? Parse(JsonElement json, out IReadOnlyList<ConfigProblem> problems) =>
        Parse(new ConfigReader(json), out problems);

    /// <summary>
    /// As <see cref="Parse"/>, but what a job would take as its own default, and others by another, must be there.
    /// </summary>
    internal static ModelConfig? ParsePublished(JsonElement json, out IReadOnlyList<ConfigProblem> problems)
    {
        ConfigReader reader = new(json);
        if (reader.Has("model_type") && DecoderArchitecture.Find(reader.Text("model_type", null) ?? "") is { } architecture)
            reader.MustHave(architecture.Keys.NormEpsilon, "vocab_size");
        return Parse(reader, out problems);
    }

    private static ModelConfig? Parse(ConfigReader reader, out IReadOnlyList<ConfigProblem> problems)
    {
        string? type = reader.Text("model_type", null);
        ModelConfig? config = type is null ? null
            : type == MlpConfig.Type ? MlpConfig.Read(reader)
            : DecoderArchitecture.Find(type) is { } architecture ? DecoderConfigJson.Read(reader, architecture)
            : reader.Unknown("model_type", type, KnownModelTypes);
        problems = reader.Problems;
        return problems.Count == 0 ? config : null;
    }

    /// <summary>The values of <c>model_type</c> that <see cref="Parse"/> takes.</summary>
    public static IReadOnlyList<string> KnownModelTypes { get; } =
        [.. DecoderArchitecture.Known.Select(architecture => architecture.ModelType), MlpConfig.Type];

    /// <summary>The keys that a model type reads, for checking a job file; empty for an unknown type.</summary>
    public static IReadOnlyList<string> KeysOf(string modelType) =>
        modelType == MlpConfig.Type ? MlpConfig.Keys
        : DecoderArchitecture.Find(modelType) is { } architecture ? DecoderConfigJson.KeysOf(architecture)
        : [];

    /// <summary>Those of <see cref="KeysOf"/> that have no default.</summary>
    public static IReadOnlyList<string> RequiredKeysOf(string modelType) =>
        modelType == MlpConfig.Type ? MlpConfig.RequiredKeys
        : DecoderArchitecture.Find(modelType)?.Keys is { } keys ? ["model_type", keys.HiddenSize, keys.Layers, keys.Heads]
        : [];

    /// <summary>Writes the configuration as <c>config.json</c> that other tools read.</summary>
    public abstract void WriteJson(Utf8JsonWriter writer);

    /// <summary>The tensors of a checkpoint, in the order in which it is written.</summary>
    public virtual IReadOnlyList<PublishedTensor> ListPublished() =>
        [.. ListParameters().Select(PublishedTensor.Plain)];

    /// <summary>The names that published files give a tensor, the one that is written first.</summary>
    internal virtual IEnumerable<string> NamesOf(PublishedTensor tensor) => [tensor.Name];

    /// <summary>A tensor that files may hold although another one is used for it: its name, and the other.</summary>
    internal virtual (string Name, Parameter Shared)? TiedTensor => null;

    /// <summary>Whether a tensor that published files carry decides nothing.</summary>
    internal virtual bool Ignores(string tensor) => false;

    /// <summary>Declares data inputs and applies the model: logits, one row per row of the batch.</summary>
    internal abstract Value Logits(ModelBuilder model, int sequences, int length);

    /// <summary>Shape of the data input of a batch: token ids in one column, or features.</summary>
    internal abstract Shape DataShape(int sequences, int length);
}
