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
        foreach (ModelConfig model in (ModelConfig[])[TinyModels.Gpt2(), TinyModels.Qwen2(), .. TinyModels.Scaled()])
            Assert.Equal(model, Parse(Written(model), out _));
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

    [Theory]
    [InlineData("llama", "rope_scaling", """{"rope_type":"dynamic","factor":2}""", "rope_scaling.rope_type")]
    [InlineData("llama", "rope_scaling", """{"type":"longrope","factor":2}""", "rope_scaling.type")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"linear"}""", "rope_scaling.factor")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"linear","factor":0.5}""", "rope_scaling.factor")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":64}""", "rope_scaling.high_freq_factor")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4}""", "rope_scaling.original_max_position_embeddings")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"yarn","factor":8,"mscale":1}""", "rope_scaling.mscale")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"yarn","factor":8,"beta_fast":1,"beta_slow":2}""", "rope_scaling.beta_fast")]
    [InlineData("llama", "rope_scaling", "3", "rope_scaling")]
    [InlineData("llama", "rope_parameters", """{"rope_type":"su","rope_theta":500}""", "rope_parameters.rope_type")]
    [InlineData("llama", "rope_parameters", """{"rope_theta":0}""", "rope_parameters.rope_theta")]
    [InlineData("llama", "partial_rotary_factor", "0.5", "partial_rotary_factor")]
    [InlineData("llama", "quantization_config", """{"bits":4}""", "quantization_config")]
    [InlineData("llama", "layer_types", """["full_attention","sliding_attention"]""", "layer_types")]
    [InlineData("llama", "pruned_heads", """{"0":[1]}""", "pruned_heads")]
    [InlineData("qwen2", "use_sliding_window", "true", "use_sliding_window")]
    [InlineData("qwen2", "hidden_act", "\"gelu\"", "hidden_act")]
    [InlineData("gpt2", "activation_function", "\"gelu\"", "activation_function")]
    [InlineData("gpt2", "scale_attn_by_inverse_layer_idx", "true", "scale_attn_by_inverse_layer_idx")]
    [InlineData("gpt2", "scale_attn_weights", "false", "scale_attn_weights")]
    [InlineData("gpt2", "add_cross_attention", "true", "add_cross_attention")]
    [InlineData("gpt2", "n_head", "3", "n_head")]
    public void WhatWouldChangeTheArithmeticIsRefusedByName(string type, string key, string value, string named)
    {
        Assert.Null(Parse(Sized(type, key, value), out IReadOnlyList<ConfigProblem> problems));
        Assert.Equal([named], problems.Select(problem => problem.Key));
    }

    [Theory]
    [InlineData("llama", "rope_scaling", "null")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"default"}""")]
    [InlineData("llama", "rope_parameters", """{"rope_type":"default","rope_theta":10000.0,"partial_rotary_factor":1.0}""")]
    [InlineData("llama", "pretraining_tp", "2")]
    [InlineData("llama", "attention_dropout", "0.1")]
    [InlineData("llama", "layer_types", """["full_attention","full_attention"]""")]
    [InlineData("llama", "pruned_heads", "{}")]
    [InlineData("qwen2", "sliding_window", "4096")]
    [InlineData("qwen2", "max_window_layers", "28")]
    [InlineData("gpt2", "n_ctx", "7")]
    [InlineData("gpt2", "n_inner", "null")]
    [InlineData("gpt2", "reorder_and_upcast_attn", "true")]
    [InlineData("gpt2", "resid_pdrop", "0.1")]
    public void WhatDecidesNothingIsIgnored(string type, string key, string value) =>
        Assert.Equal(Parse(Sized(type, "use_cache", "true"), out _), Parse(Sized(type, key, value), out _));

    [Fact]
    public void RopeParametersAreReadAsRopeScaling()
    {
        const string scaling = "\"rope_type\":\"linear\",\"factor\":4.0";
        ModelConfig? old = Parse(Sized("llama", "rope_theta", $"500,\"rope_scaling\":{{{scaling}}}"), out _);
        Assert.NotNull(old);
        Assert.Equal(old, Parse(Sized("llama", "rope_parameters", $"{{\"rope_theta\":500.0,{scaling}}}"), out _));
        Assert.Null(Parse(Sized("llama", "rope_parameters", $"{{{scaling}}},\"rope_scaling\":{{{scaling}}}"), out _));
    }

    [Fact]
    public void AllProblemsComeAtOnce()
    {
        Parse("""{"model_type":"llama","vocab_size":0}""", out IReadOnlyList<ConfigProblem> problems);
        Assert.Equal(
            ["hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size"],
            problems.Select(problem => problem.Key).Distinct().Order());
    }

    private static string Sized(string type, string key, string value) => type == "gpt2"
        ? $"{{\"model_type\":\"gpt2\",\"n_embd\":128,\"n_layer\":2,\"n_head\":4,\"{key}\":{value}}}"
        : $"{{\"model_type\":\"{type}\",\"hidden_size\":128,\"num_hidden_layers\":2,\"num_attention_heads\":4,\"{key}\":{value}}}";

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
