using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Host.Models;
using Starling.Tests.Compute.Models;
using Xunit;

namespace Starling.Tests.Host.Models;

public sealed class ModelDirectoryTests
{
    [Fact]
    public void A_saved_folder_loads_from_disk()
    {
        using TemporaryFolder folder = new();
        var config = TinyModels.Gpt2(vocabulary: 256);
        using var state = TrainState.Initialise(config, 1);
        foreach (var file in HuggingFaceFolder.Write(config, state.Parameters, byteTokens: true))
            File.WriteAllBytes(Path.Combine(folder.Path, file.Name), file.Content);
        HuggingFaceFolder.Save(config, state.Parameters, 4000, name => File.Create(Path.Combine(folder.Path, name)));
        File.Delete(Path.Combine(folder.Path, "model.safetensors"));
        using ModelDirectory directory = new(folder.Path);
        using var model = HuggingFaceFolder.Read(directory, out var problem);
        Assert.True(model is not null, problem?.ToString());
        Assert.Equal(Checkpoint.Write(config, state.Parameters), Checkpoint.Write(model.Config, model.Parameters));
        Assert.Null(directory.Open("absent"));
        Assert.Throws<ArgumentException>(() => directory.Open("../x"));
    }
}
