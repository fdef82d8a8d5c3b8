using System.Text.Json;
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
}
