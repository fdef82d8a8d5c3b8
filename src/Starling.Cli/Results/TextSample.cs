using System.Text;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Programs.Generation;

namespace Starling.Cli.Results;

/// <summary>Lets a trained model write a little, from the files just fetched.</summary>
internal static class TextSample
{
    private const int Tokens = 240;

    /// <summary>The text, or null for a model that writes none.</summary>
    public static string? Generate(IReadOnlyDictionary<string, byte[]> files)
    {
        if (!files.ContainsKey("tokenizer.json"))
            return null;
        MemoryFolder folder = new(files.Select(file => new ModelFile(file.Key, file.Value)));
        using var model = TextModel.Load(folder, VectorBackend.Best(), out var problem)
            ?? throw new InvalidDataException(problem);
        StringBuilder text = new();
        var settings = new GenerationSettings { MaxNewTokens = Tokens, Temperature = 0.8f, TopK = 40, Seed = 1 };
        model.Generate("", settings, piece => text.Append(piece));
        return text.ToString();
    }
}
