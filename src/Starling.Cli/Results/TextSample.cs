using System.Text;
using System.Text.Json;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Tokens;

namespace Starling.Cli.Results;

/// <summary>Lets a trained model write a little, from the files just fetched.</summary>
internal static class TextSample
{
    private const int Tokens = 240;

    private static ReadOnlySpan<byte> Prompt => "\n"u8;

    /// <summary>The text, or null for a model that writes none.</summary>
    public static string? Generate(IReadOnlyDictionary<string, byte[]> files)
    {
        using var json = JsonDocument.Parse(files["config.json"]);
        if (ModelConfig.Parse(json.RootElement, out _) is not DecoderConfig config)
            return null;
        using var parameters = new TensorMemory(config.CreateLayout());
        if (Checkpoint.Read(config, files["model.safetensors"], parameters) is { } problem)
            throw new InvalidDataException($"model.safetensors: {problem.Message}");
        var capacity = Math.Min(config.MaxPositions, Prompt.Length + Tokens);
        using var model = new DecoderModel(config, parameters, VectorBackend.Best());
        using var generator = new Generator(model, capacity);
        var ids = new List<int>();
        var settings = new GenerationSettings { MaxNewTokens = Tokens, Temperature = 0.8f, TopK = 40, Seed = 1 };
        generator.Generate(ByteTokenizer.Encode(Prompt), settings, ids.Add);
        return Encoding.UTF8.GetString(ByteTokenizer.Decode(ids.ToArray()));
    }
}
