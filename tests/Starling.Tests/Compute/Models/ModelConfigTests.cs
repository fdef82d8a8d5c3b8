using System.Text.Json;
using Starling.Compute.Models;
using Xunit;

namespace Starling.Tests.Compute.Models;

public class ModelConfigTests
{
    private const string Small = """{"model_type":"llama","hidden_size":128,"num_hidden_layers":4,"num_attention_heads":4}""";

    [Fact]
    public void DefaultsFillWhatAJobLeavesOut()
    {
        var config = Assert.IsType<DecoderConfig>(Parse(Small, out _));
        Assert.Equal((352, 4, 32, 256), (config.IntermediateSize, config.KeyValueHeads, config.HeadSize, config.VocabularySize));
        Assert.Equal(1 / MathF.Sqrt(128), config.InitializerRange);
        IReadOnlyList<Parameter> parameters = config.ListParameters();
        Assert.Equal("model.embed_tokens.weight", parameters[0].Name);
        Assert.Equal("lm_head.weight", parameters[^1].Name);
        Assert.Contains(parameters, p => p.Name == "model.layers.3.self_attn.o_proj.weight" && p.Initial == InitialKind.Zero);
        Assert.Contains(parameters, p => p.Name == "model.layers.0.mlp.gate_proj.weight" && p.Shape == new Starling.Arithmetic.Shape(352, 128));
        Assert.Equal(3 + (4 * 9), parameters.Count);
    }

    [Fact]
    public void WhatIsWrittenReadsBackEqual()
    {
        ModelConfig llama = TinyModels.Llama(keyValueHeads: 2) with { TieWordEmbeddings = true };
        ModelConfig mlp = new MlpConfig { InputSize = 30, HiddenSizes = [5, 4], Labels = 2, Activation = Activation.Gelu };
        Assert.Equal(llama, Parse(Written(llama), out _));
        Assert.Equal(mlp, Parse(Written(mlp), out _));
    }

    [Theory]
    [InlineData("""{"hidden_size":128}""", "model_type")]
    [InlineData("""{"model_type":"bert"}""", "model_type")]
    [InlineData("""{"model_type":"mlp"}""", "input_size")]
    [InlineData("""{"model_type":"mlp","input_size":4,"hidden_sizes":[3,0]}""", "hidden_sizes")]
    [InlineData("""{"model_type":"mlp","input_size":4,"hidden_act":"tanh"}""", "hidden_act")]
    public void ProblemsNameTheirKey(string json, string key)
    {
        Assert.Null(Parse(json, out IReadOnlyList<ConfigProblem> problems));
        Assert.Contains(problems, problem => problem.Key == key);
    }

    [Theory]
    [InlineData("hidden_size", "\"big\"")]
    [InlineData("hidden_size", "129")]
    [InlineData("hidden_size", "1e30")]
    [InlineData("num_hidden_layers", "0")]
    [InlineData("num_key_value_heads", "3")]
    [InlineData("head_dim", "31")]
    [InlineData("rope_theta", "0")]
    [InlineData("rope_scaling", "{\"factor\":2}")]
    [InlineData("hidden_act", "\"relu\"")]
    [InlineData("attention_bias", "\"yes\"")]
    [InlineData("tie_word_embeddings", "1")]
    public void EachBadValueIsRefused(string key, string value)
    {
        string json = $$"""{"model_type":"llama","num_hidden_layers":4,"num_attention_heads":4,"hidden_size":128,"{{key}}":{{value}}}""";
        Assert.Null(Parse(json, out IReadOnlyList<ConfigProblem> problems));
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void AllProblemsComeAtOnce()
    {
        Parse("""{"model_type":"llama","vocab_size":0}""", out IReadOnlyList<ConfigProblem> problems);
        Assert.Equal(
            ["hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size"],
            problems.Select(problem => problem.Key).Distinct().Order());
    }

    private static ModelConfig? Parse(string json, out IReadOnlyList<ConfigProblem> problems)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return ModelConfig.Parse(document.RootElement, out problems);
    }

    private static string Written(ModelConfig config)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
            config.WriteJson(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
