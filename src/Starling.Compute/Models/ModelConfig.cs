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
    public static ModelConfig? Parse(JsonElement json, out IReadOnlyList<ConfigProblem> problems)
    {
        ConfigReader reader = new(json);
        ModelConfig? config = reader.Text("model_type", null) switch
        {
            "llama" => DecoderConfig.Read(reader, DecoderArchitecture.Llama),
            "mlp" => MlpConfig.Read(reader),
            null => null,
            { } other => reader.Unknown("model_type", other, KnownModelTypes),
        };
        problems = reader.Problems;
        return problems.Count == 0 ? config : null;
    }

    /// <summary>The values of <c>model_type</c> that <see cref="Parse"/> takes.</summary>
    public static IReadOnlyList<string> KnownModelTypes { get; } = ["llama", "mlp"];

    /// <summary>The keys that a model type reads, for checking a job file; empty for an unknown type.</summary>
    public static IReadOnlyList<string> KeysOf(string modelType) => modelType switch
    {
        "llama" => DecoderConfig.Keys,
        "mlp" => MlpConfig.Keys,
        _ => [],
    };

    /// <summary>Writes the configuration as <c>config.json</c> that other tools read.</summary>
    public abstract void WriteJson(Utf8JsonWriter writer);

    /// <summary>Declares data inputs and applies the model: logits, one row per row of the batch.</summary>
    internal abstract Value Logits(ModelBuilder model, int sequences, int length);

    /// <summary>Shape of the data input of a batch: token ids in one column, or features.</summary>
    internal abstract Shape DataShape(int sequences, int length);
}
