using Starling.Arithmetic.Blueprints;
using Starling.Compute.Models;
using Starling.Programs.Tasks.Parameters;
using Starling.Programs.Tasks.Training;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Blueprints;

/// <summary>Blueprints of tasks without steps: every chunk of their outputs is made directly from inputs.</summary>
internal static class OutputBlueprints
{
    private const string Weights = "model.safetensors";

    public static Blueprint Tokens(TokensParameters p)
    {
        var bytes = (long)p.Train + p.HeldOut;
        return Without(0,
        [
            new OutputRule(OutputKind.Bytes) { InputBytes = bytes, Count = p.Train },
            new OutputRule(OutputKind.Bytes) { InputBytes = bytes, First = p.Train, Count = p.HeldOut },
        ]);
    }

    public static Blueprint Initial(InitialParameters p) =>
        Without(p.Seed, [new OutputRule(OutputKind.InitialWeights) { Tensors = TensorsOf(p.Model) }]);

    /// <summary>
    /// All files but the weights follow from the model's description. The weights are its tensors behind a fixed head, transposed
    /// and fused as the published layout says.
    /// </summary>
    public static Blueprint Export(ExportParameters p)
    {
        var isText = p.Model is DecoderConfig;
        var files = HuggingFaceFolder.WriteTexts(p.Model, byteTokens: isText).ToDictionary(f => f.Name, f => f.Content);
        return Without(0, [.. ExportProgram.FileNames(p.Model).Select(name => FileRule(name, files, p.Model))]);
    }

    private static OutputRule FileRule(string name, Dictionary<string, byte[]> files, ModelConfig model)
    {
        if (files.TryGetValue(name, out var content))
            return new OutputRule(OutputKind.Constant) { Content = ContentId.Of(content).Hash };
        if (name != Weights)
            return new OutputRule(OutputKind.Input) { Input = 1 };
        return new OutputRule(OutputKind.Packed)
        {
            Head = Checkpoint.Head(model.ListPublished()),
            Tensors = TensorsOf(model),
            Packed = PackedOf(model),
        };
    }

    internal static PackedTensor[] PackedOf(ModelConfig model)
    {
        string[] names = [.. model.ListParameters().Select(p => p.Name)];
        return
        [
            .. model.ListPublished().Select(tensor => new PackedTensor(
                [.. tensor.Parts.Select(part => Array.IndexOf(names, part.Name))], tensor.Transposed)),
        ];
    }

    internal static WeightTensor[] TensorsOf(ModelConfig model) =>
    [
        .. model.ListParameters().Select(p => new WeightTensor(
            new Layout(p.Shape.Rows, p.Shape.Columns), (int)p.Initial, BitConverter.SingleToUInt32Bits(p.Deviation))),
    ];

    private static Blueprint Without(ulong seed, OutputRule[] outputs) =>
        new(Hash256.Zero, 0, 0, 0, 0, 1, seed, 0, [], [], false, outputs, -1, 0);
}
