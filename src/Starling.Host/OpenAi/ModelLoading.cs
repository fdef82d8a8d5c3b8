using Starling.Compute.Models;
using Starling.Host.Models;

namespace Starling.Host.OpenAi;

/// <summary>Loads models to serve from their folders.</summary>
public static class ModelLoading
{
    /// <exception cref="IOException">The folder is no model that can be served; the message names the file and the fix.</exception>
    public static ServedModel Load(string folder, ServeOptions options, DateTimeOffset now)
    {
        if (!Directory.Exists(folder))
            throw new IOException($"{folder} is no folder: give one with config.json, model.safetensors and a tokenizer");
        var texts = ModelTexts.Read(folder);
        using var directory = new ModelDirectory(folder);
        var loaded = HuggingFaceFolder.Read(directory, out var problem)
            ?? throw new IOException($"{folder} cannot be served: {problem}");
        if (loaded is { Config: DecoderConfig, Tokenizer: not null })
            return new ServedModel(loaded, texts, options, now);
        loaded.Dispose();
        throw new IOException($"{folder} cannot be served: a {loaded.Config.ModelType} model writes no text");
    }
}
