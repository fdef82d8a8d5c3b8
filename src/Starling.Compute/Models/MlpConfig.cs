using System.Text.Json;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;

namespace Starling.Compute.Models;

/// <summary>Activation between the layers of an <see cref="MlpConfig"/>.</summary>
public enum Activation
{
    Relu = 0,
    Gelu = 1,
}

/// <summary>A classifier for tables: linear layers with an activation between them.</summary>
public sealed record MlpConfig : ModelConfig
{
    internal const string Type = "mlp";

    private const int MaxWidth = 1 << 14;

    public required int InputSize { get; init; }

    public required IReadOnlyList<int> HiddenSizes { get; init; }

    public required int Labels { get; init; }

    public Activation Activation { get; init; }

    public override string ModelType => Type;

    public override int OutputColumns => Labels;

    internal static IReadOnlyList<string> Keys { get; } =
        ["model_type", "input_size", "hidden_sizes", "num_labels", "hidden_act"];

    internal static IReadOnlyList<string> RequiredKeys { get; } = ["model_type", "input_size"];

    internal static MlpConfig Read(ConfigReader reader)
    {
        string activation = reader.Text("hidden_act", "relu") ?? "relu";
        if (activation is not ("relu" or "gelu"))
            reader.Unknown("hidden_act", activation, ["relu", "gelu"]);
        return new MlpConfig
        {
            InputSize = reader.Integer("input_size", 1, MaxWidth, null),
            HiddenSizes = reader.Integers("hidden_sizes", 1, MaxWidth, 64, [64, 32]),
            Labels = reader.Integer("num_labels", 2, MaxWidth, 2),
            Activation = activation == "gelu" ? Activation.Gelu : Activation.Relu,
        };
    }

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("model_type", ModelType);
        writer.WriteNumber("input_size", InputSize);
        writer.WriteStartArray("hidden_sizes");
        foreach (int size in HiddenSizes)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        writer.WriteNumber("num_labels", Labels);
        writer.WriteString("hidden_act", Activation == Activation.Gelu ? "gelu" : "relu");
        writer.WriteString("torch_dtype", "float32");
        writer.WriteEndObject();
    }

    public bool Equals(MlpConfig? other) =>
        base.Equals(other) && InputSize == other.InputSize && Labels == other.Labels
            && Activation == other.Activation && HiddenSizes.SequenceEqual(other.HiddenSizes);

    public override int GetHashCode() => HashCode.Combine(InputSize, HiddenSizes.Count, Labels, Activation);

    internal override Value Logits(ModelBuilder model, int sequences, int length)
    {
        Value x = model.Graph.Input(InputNames.Data, DataShape(sequences, length));
        for (int layer = 0; layer < HiddenSizes.Count; layer++)
            x = model.Graph.Apply(
                Activation == Activation.Gelu ? OperatorKind.Gelu : OperatorKind.Relu,
                Layer(model, x, layer, HiddenSizes[layer]));
        return Layer(model, x, HiddenSizes.Count, Labels);
    }

    internal override Shape DataShape(int sequences, int length) => new(checked(sequences * length), InputSize);

    private static Value Layer(ModelBuilder model, Value x, int layer, int outputs)
    {
        int inputs = model.Graph.ShapeOf(x).Columns;
        float deviation = MathF.Sqrt(2f / inputs);
        Value y = model.Graph.Linear(x, model.Matrix($"layers.{layer}.weight", outputs, inputs, deviation));
        return model.Graph.AddRow(y, model.Bias($"layers.{layer}.bias", outputs));
    }
}
