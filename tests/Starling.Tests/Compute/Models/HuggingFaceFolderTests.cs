using System.Text.Json;
using Starling.Arithmetic.Reference;
using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Xunit;

namespace Starling.Tests.Compute.Models;

public class HuggingFaceFolderTests
{
    [Fact]
    public void AnExportReadsBackToTheSameModel()
    {
        DecoderConfig config = TinyModels.Llama(vocabulary: 256);
        using TrainState state = TrainState.Initialise(config, 1);
        Dictionary<string, byte[]> files =
            HuggingFaceFolder.Write(config, state.Parameters, byteTokens: true).ToDictionary(f => f.Name, f => f.Content);
        Assert.Equal(
            ["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            files.Keys.Order());

        using JsonDocument json = JsonDocument.Parse(files["config.json"]);
        ModelConfig? back = ModelConfig.Parse(json.RootElement, out _);
        Assert.Equal(config, back);
        using TensorMemory memory = new(back!.CreateLayout());
        Assert.Null(Checkpoint.Read(back, files["model.safetensors"], memory));
        Assert.Equal(StateBlob.Encode(state.Parameters), StateBlob.Encode(memory));
    }

    [Fact]
    public void TheTokenizerNamesEveryByteOnce()
    {
        DecoderConfig config = TinyModels.Llama(vocabulary: 256);
        using TensorMemory memory = new(config.CreateLayout());
        ModelFile file = HuggingFaceFolder.Write(config, memory, byteTokens: true).Single(f => f.Name == "tokenizer.json");
        using JsonDocument json = JsonDocument.Parse(file.Content);
        JsonElement vocabulary = json.RootElement.GetProperty("model").GetProperty("vocab");
        Assert.Equal(Enumerable.Range(0, 256), vocabulary.EnumerateObject().Select(entry => entry.Value.GetInt32()));
        Assert.Equal(256, vocabulary.EnumerateObject().Select(entry => entry.Name).Distinct().Count());
        Assert.Equal(' ', vocabulary.GetProperty("\u0120").GetInt32());
        Assert.Equal('\n', vocabulary.GetProperty("\u010A").GetInt32());
        Assert.Equal('A', vocabulary.GetProperty("A").GetInt32());
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("gpt2")]
    [InlineData("qwen2")]
    public void WhatIsSavedInSeveralFilesLoads(string type)
    {
        DecoderConfig config = ModelOf(type);
        using TrainState state = TrainState.Initialise(config, 1);
        List<ModelFile> files = [.. Saved(config, state.Parameters, mostBytes: 3000), .. Tokenizer()];
        Assert.True(files.Count(file => file.Name.EndsWith(".safetensors", StringComparison.Ordinal)) > 2);
        using LoadedModel model = Load(files);
        Assert.Equal(config, model.Config);
        Assert.Equal(StateBlob.Encode(state.Parameters), StateBlob.Encode(model.Parameters));
        Assert.Equal(256, model.Tokenizer!.VocabularySize);
        WriteForPyTorch(type, files, config, state.Parameters);
    }

    [Theory]
    [InlineData("gpt2", "transformer.")]
    [InlineData("llama", "model.")]
    public void FilesOfTheBodyAloneLoad(string type, string prefix)
    {
        DecoderConfig config = ModelOf(type) with { TieWordEmbeddings = true };
        using TrainState state = TrainState.Initialise(config, 1);
        PublishedTensor[] body = [.. config.ListPublished().Select(t => t with { Name = t.Name[prefix.Length..] })];
        using MemoryStream stream = new();
        Checkpoint.Write(body, state.Parameters, stream);
        using TensorMemory memory = new(config.CreateLayout());
        Assert.Null(Checkpoint.Read(config, stream.ToArray(), memory));
        Assert.Equal(StateBlob.Encode(state.Parameters), StateBlob.Encode(memory));
    }

    [Fact]
    public void ATiedHeadMayBeThereButNotDiffer()
    {
        DecoderConfig config = ModelOf("qwen2"), untied = config with { TieWordEmbeddings = false };
        using TrainState state = TrainState.Initialise(untied, 1);
        using TensorMemory memory = new(config.CreateLayout());
        TensorProblem? problem = Checkpoint.Read(config, Checkpoint.Write(untied, state.Parameters), memory);
        Assert.Equal((TensorProblemCode.NotTied, "lm_head.weight"), (problem?.Code, problem?.Tensor));
        state.Parameters["model.embed_tokens.weight"].Span.CopyTo(state.Parameters["lm_head.weight"].Span);
        Assert.Null(Checkpoint.Read(config, Checkpoint.Write(untied, state.Parameters), memory));
    }

    [Theory]
    [InlineData("config.json", null, ModelProblemCode.Missing)]
    [InlineData("config.json", "[", ModelProblemCode.Configuration)]
    [InlineData("config.json", "{\"model_type\":\"llama\",\"hidden_size\":12,\"num_hidden_layers\":2,\"num_attention_heads\":4}", ModelProblemCode.Configuration)]
    [InlineData("tokenizer.json", null, ModelProblemCode.Tokenizer)]
    [InlineData("tokenizer.json", "{}", ModelProblemCode.Tokenizer)]
    [InlineData("model-00002-of-00002.safetensors", null, ModelProblemCode.Missing)]
    [InlineData("model-00002-of-00002.safetensors", "x", ModelProblemCode.Weights)]
    [InlineData("model.safetensors.index.json", null, ModelProblemCode.Missing)]
    [InlineData("model.safetensors.index.json", "{}", ModelProblemCode.Weights)]
    [InlineData("model.safetensors.index.json", "{\"weight_map\":{}}", ModelProblemCode.Weights)]
    [InlineData("model.safetensors.index.json", "{\"weight_map\":{\"w\":\"../x.safetensors\"}}", ModelProblemCode.Weights)]
    [InlineData("model.safetensors.index.json", "{\"weight_map\":{\"w\":\"model-00001-of-00002.safetensors\"}}", ModelProblemCode.Weights)]
    public void EachFileIsCheckedByName(string name, string? content, ModelProblemCode code)
    {
        DecoderConfig config = ModelOf("llama");
        using TrainState state = TrainState.Initialise(config, 1);
        IEnumerable<ModelFile> files = [.. Saved(config, state.Parameters, mostBytes: 20_000), .. Tokenizer()];
        Assert.Contains(files, file => file.Name == name);
        files = files.Where(file => file.Name != name);
        if (content is not null)
            files = files.Append(new ModelFile(name, System.Text.Encoding.UTF8.GetBytes(content)));
        Assert.Null(HuggingFaceFolder.Read(new MemoryFolder(files), out ModelProblem? problem));
        Assert.Equal(code, problem!.Code);
        Assert.False(string.IsNullOrWhiteSpace(problem.ToString()));
    }

    [Fact]
    public void TheIndexMustSayWhereEachTensorLies()
    {
        DecoderConfig config = ModelOf("llama");
        using TrainState state = TrainState.Initialise(config, 1);
        ModelFile[] files = [.. Saved(config, state.Parameters, mostBytes: 20_000), .. Tokenizer()];
        ModelFile index = files.Single(file => file.Name.EndsWith("index.json", StringComparison.Ordinal));
        string text = System.Text.Encoding.UTF8.GetString(index.Content);
        string moved = text.Replace("\"model.norm.weight\": \"model-00002", "\"model.norm.weight\": \"model-00001");
        Assert.NotEqual(text, moved);
        ModelFile[] changed = [.. files.Where(f => f != index), index with { Content = System.Text.Encoding.UTF8.GetBytes(moved) }];
        Assert.Null(HuggingFaceFolder.Read(new MemoryFolder(changed), out ModelProblem? problem));
        Assert.Equal((ModelProblemCode.Weights, "model.norm.weight"), (problem!.Code, problem.Field));
    }

    private static DecoderConfig ModelOf(string type)
    {
        DecoderConfig config = type switch
        {
            "gpt2" => TinyModels.Gpt2(),
            "qwen2" => TinyModels.Qwen2(),
            _ => TinyModels.Llama(keyValueHeads: 2),
        };
        return config with { VocabularySize = 256 };
    }

    private static LoadedModel Load(IEnumerable<ModelFile> files)
    {
        LoadedModel? model = HuggingFaceFolder.Read(new MemoryFolder(files), out ModelProblem? problem);
        Assert.True(model is not null, problem?.ToString());
        return model;
    }

    private static IEnumerable<ModelFile> Tokenizer()
    {
        using TensorMemory memory = new(TinyModels.Llama(vocabulary: 256).CreateLayout());
        return [.. HuggingFaceFolder.Write(TinyModels.Llama(vocabulary: 256), memory, byteTokens: true)
            .Where(file => file.Name.StartsWith("tokenizer", StringComparison.Ordinal))];
    }

    private static List<ModelFile> Saved(DecoderConfig config, TensorMemory parameters, long mostBytes)
    {
        List<(string Name, MemoryStream Stream)> streams = [];
        HuggingFaceFolder.Save(config, parameters, mostBytes, name =>
        {
            streams.Add((name, new MemoryStream()));
            return streams[^1].Stream;
        });
        return [.. streams.Select(file => new ModelFile(file.Name, file.Stream.ToArray()))];
    }

    /// <summary>With STARLING_WRITE_MODELS set, leaves the folder and our logits there for vectors/models/read.py.</summary>
    private static void WriteForPyTorch(string type, List<ModelFile> files, DecoderConfig config, TensorMemory parameters)
    {
        if (Environment.GetEnvironmentVariable("STARLING_WRITE_MODELS") is not { Length: > 0 } root)
            return;
        string folder = Directory.CreateDirectory(Path.Combine(root, type)).FullName;
        foreach (ModelFile file in files)
            File.WriteAllBytes(Path.Combine(folder, file.Name), file.Content);
        int[] tokens = [.. Enumerable.Range(0, 20).Select(i => i * 37 % 256)];
        using DecoderModel model = new(config, parameters, new ScalarBackend());
        using Generator generator = new(model, tokens.Length);
        float[][] logits = [.. tokens.Select(token => generator.Append([token]).ToArray())];
        File.WriteAllText(Path.Combine(folder, "logits.json"), JsonSerializer.Serialize(new { tokens, logits }));
    }
}
