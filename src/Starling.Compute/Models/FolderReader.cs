using System.Text.Json;
using Starling.Compute.Tensors;
using Starling.Compute.Tokens;

namespace Starling.Compute.Models;

/// <summary>Loads a model from the files of its folder, each checked before it is believed.</summary>
internal static class FolderReader
{
    private const string Config = "config.json";
    private const int MaxConfigBytes = 1 << 20;

    public static ModelProblem? Read(IModelFolder folder, out LoadedModel? model)
    {
        model = null;
        if (ReadConfig(folder, out ModelConfig? config) is { } badConfig)
            return badConfig;
        ITokenizer? tokenizer = null;
        if (config is DecoderConfig decoder)
        {
            tokenizer = TokenizerFiles.Load(folder, decoder.ModelType, decoder.VocabularySize, out TokenizerProblem? problem);
            if (problem is not null)
                return new ModelProblem(ModelProblemCode.Tokenizer, FileOf(problem.Field), problem.Field, problem.Message);
        }

        if (CheckpointFiles.Open(folder, out CheckpointIndex index) is { } badFile)
            return badFile;
        string weights = folder.Open(CheckpointFiles.Single) is null ? CheckpointFiles.Index : CheckpointFiles.Single;
        if (CheckpointMatch.Create(config!, index, out CheckpointMatch match) is { } mismatch)
            return CheckpointFiles.Wrong(weights, mismatch);
        TensorMemory parameters = new(config!.CreateLayout());
        if (match.Read(parameters) is { } badTensor)
        {
            parameters.Dispose();
            return CheckpointFiles.Wrong(weights, badTensor);
        }

        model = new LoadedModel(config, parameters, tokenizer);
        return null;
    }

    private static ModelProblem? ReadConfig(IModelFolder folder, out ModelConfig? config)
    {
        config = null;
        if (folder.Open(Config) is not { } source)
            return new ModelProblem(ModelProblemCode.Missing, Config, null, "is missing");
        if (source.ReadAll(MaxConfigBytes) is not { } bytes)
            return Wrong(null, $"is larger than {MaxConfigBytes} bytes");
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes);
            config = ModelConfig.ParsePublished(json.RootElement, out IReadOnlyList<ConfigProblem> problems);
            return config is not null ? null : Wrong(
                problems[0].Key, string.Join("; ", problems.Select(problem => $"{problem.Key} {problem.Message}")));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Wrong(null, "is not valid JSON");
        }
    }

    private static string FileOf(string field) => field.IndexOfAny([':', '[']) is > 0 and int end ? field[..end]
        : field.Split(".json.")[0] is { } file && file.Length < field.Length ? file + ".json"
        : field;

    private static ModelProblem Wrong(string? key, string message) => new(ModelProblemCode.Configuration, Config, key, message);
}
