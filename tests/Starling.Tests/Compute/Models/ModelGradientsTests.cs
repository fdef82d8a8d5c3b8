using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Models;

/// <summary>Gradients of whole models, every parameter, against differences.</summary>
public class ModelGradientsTests
{
    private const ulong Seed = 7;

    [Theory]
    [InlineData(4, false)]
    [InlineData(2, true)]
    public void Llama(int keyHeads, bool tied) =>
        Check(TinyModels.Llama(keyValueHeads: keyHeads) with { TieWordEmbeddings = tied }, sequences: 2, length: 5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gpt2(bool tied) => Check(TinyModels.Gpt2() with { TieWordEmbeddings = tied }, sequences: 2, length: 5);

    [Fact]
    public void Qwen2() => Check(TinyModels.Qwen2(), sequences: 2, length: 5);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ScaledLlama(int kind) => Check(TinyModels.Scaled()[kind], sequences: 2, length: 5);

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Gelu)]
    public void Mlp(Activation activation) => Check(
        new MlpConfig { InputSize = 5, HiddenSizes = [7, 6], Labels = 3, Activation = activation }, sequences: 9, length: 1);

    private static void Check(ModelConfig config, int sequences, int length)
    {
        ModelBuilder model = new();
        Value logits = config.Logits(model, sequences, length);
        int rows = sequences * length;
        Dictionary<string, float[]> inputs = new()
        {
            [InputNames.Data] = config is MlpConfig
                ? Numbers.Normal(config.DataShape(sequences, length), Seed, 500)
                : Numbers.Below(rows, config.OutputColumns, Seed),
            [InputNames.Positions] = Numbers.Positions(sequences, length),
            [InputNames.Targets] = Numbers.Below(rows, config.OutputColumns, Seed + 1),
        };
        for (int i = 0; i < model.Parameters.Count; i++)
            inputs[model.Parameters[i].Name] = Numbers.Normal(model.Parameters[i].Shape, Seed, (uint)i, scale: 0.3f);
        Value targets = model.Graph.Input(InputNames.Targets, new(rows, 1));
        GradientCheck.Run(model.Graph, logits, targets, model.ParameterValues, inputs, $"{config.ModelType} (seed {Seed})");
    }
}
