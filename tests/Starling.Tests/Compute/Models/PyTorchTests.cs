using System.Text.Json;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Reference;
using Starling.Compute.Generation;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Tests.Architecture;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Models;

/// <summary>Checkpoints that PyTorch made and what it computes from them: tests/vectors/models/make.py.</summary>
public class PyTorchTests
{
    private const double Tolerance = 1e-4;

    /// <summary>Numbers below this are rounding: the gradient of a bias of keys is zero.</summary>
    private const double Smallest = 1e-3;

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("llama-biased")]
    [InlineData("qwen2")]
    [InlineData("qwen2-yarn")]
    public void LogitsAreThoseOfPyTorch(string folder)
    {
        (DecoderConfig config, TensorMemory weights) = Load(folder);
        using (weights)
        using (JsonDocument expected = JsonDocument.Parse(Bytes(folder, "logits.json")))
        {
            int[] tokens = [.. expected.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
            using DecoderModel frozen = new(config, weights, VectorBackend.Best());
            using Generator generator = new(frozen, tokens.Length);
            int position = 0;
            foreach (JsonElement row in expected.RootElement.GetProperty("logits").EnumerateArray())
                AssertClose(
                    [.. row.EnumerateArray().Select(value => value.GetDouble())],
                    generator.Append([tokens[position++]]), $"{folder}, position {position}");
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("qwen2-yarn")]
    public void EveryBackEndGivesTheSameBits(string folder)
    {
        (DecoderConfig config, TensorMemory weights) = Load(folder);
        using (weights)
        {
            int[] tokens = [.. Enumerable.Range(0, 23).Select(i => i * i % config.VocabularySize)];
            using DecoderModel onScalar = new(config, weights, new ScalarBackend());
            using DecoderModel onVectors = new(config, weights, VectorBackend.Best());
            using Generator scalar = new(onScalar, 24), vector = new(onVectors, 24);
            Assert.Equal(Numbers.Bits(scalar.Append(tokens)), Numbers.Bits(vector.Append(tokens)));
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-biased")]
    [InlineData("qwen2-yarn")]
    public void GradientsAreThoseOfPyTorch(string folder)
    {
        (DecoderConfig config, TensorMemory weights) = Load(folder);
        using TensorMemory expected = new(config.CreateLayout());
        Assert.Null(Checkpoint.Read(config, Bytes(folder, "gradients.safetensors"), expected));
        using JsonDocument logits = JsonDocument.Parse(Bytes(folder, "logits.json"));
        using JsonDocument loss = JsonDocument.Parse(Bytes(folder, "loss.json"));
        float[] tokens = [.. logits.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetSingle())];
        int rows = tokens.Length - 1;

        ModelBuilder model = new();
        Value value = config.Logits(model, 1, rows);
        Value mean = model.Graph.MeanCrossEntropy(value, model.Graph.Input(InputNames.Targets, new(rows, 1)), rows);
        Value[] gradients = Gradients.Of(model.Graph, mean, model.ParameterValues);
        model.Graph.Output(InputNames.Loss, mean);
        for (int i = 0; i < gradients.Length; i++)
            model.Graph.Output($"gradient.{i}", gradients[i]);
        using TensorMemory batch = new(TensorLayout.Create(
            [(InputNames.Data, new(rows, 1)), (InputNames.Targets, new(rows, 1)), (InputNames.Positions, new(rows, 1))]));
        tokens[..^1].CopyTo(batch.Tensors[0].Span);
        tokens[1..].CopyTo(batch.Tensors[1].Span);
        for (int row = 0; row < rows; row++)
            batch.Tensors[2].Span[row] = row;

        Graph graph = model.Graph.Build();
        using GraphExecutor executor = new(graph, MemoryPlan.Create(graph, []), VectorBackend.Best());
        executor.Bind(batch);
        executor.Bind(weights);
        executor.Run();
        Assert.Equal(loss.RootElement.GetProperty("loss").GetDouble(), executor.Output(InputNames.Loss).Span[0], 1e-5);
        for (int i = 0; i < gradients.Length; i++)
            AssertClose(
                [.. expected.Tensors[i].Span.ToArray().Select(number => (double)number)],
                executor.Output($"gradient.{i}").Span, model.Parameters[i].Name);
        weights.Dispose();
    }

    /// <summary>Every number within the tolerance of the largest.</summary>
    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, string where)
    {
        Assert.Equal(expected.Length, actual.Length);
        double allowed = Tolerance * Math.Max(expected.Max(Math.Abs), Smallest);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= allowed,
                $"{where}, number {i}: {actual[i]}, PyTorch gives {expected[i]} (allowed {allowed})");
    }

    private static (DecoderConfig Config, TensorMemory Weights) Load(string folder)
    {
        using JsonDocument json = JsonDocument.Parse(Bytes(folder, "config.json"));
        var config = (DecoderConfig?)ModelConfig.Parse(json.RootElement, out IReadOnlyList<ConfigProblem> problems);
        Assert.Empty(problems);
        TensorMemory weights = new(config!.CreateLayout());
        Assert.Null(Checkpoint.Read(config, Bytes(folder, "model.safetensors"), weights));
        return (config, weights);
    }

    private static byte[] Bytes(string folder, string file) =>
        File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "vectors", "models", folder, file));
}
