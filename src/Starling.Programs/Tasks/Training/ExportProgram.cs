using Starling.Compute.Models;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Training;

/// <summary>
/// <c>export</c>: (parameters, preprocessing.json for a table) -> the files of a model folder in the Hugging Face
/// layout, in the order of <see cref="FileNames"/>.
/// </summary>
internal sealed class ExportProgram : ITaskProgram
{
    private const string Preprocessing = "preprocessing.json";

    public string Name => "export";

    public static IReadOnlyList<string> FileNames(ModelConfig model) => model is DecoderConfig
        ? ["config.json", "model.safetensors", "generation_config.json", "tokenizer.json", "tokenizer_config.json"]
        : ["config.json", "model.safetensors", Preprocessing];

    public TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        var p = RecordCodec.Decode<ExportParameters>(spec.Parameters);
        var isText = p.Model is DecoderConfig;
        TaskInputs read = isText ? new TaskInputs(inputs, "parameters") : new TaskInputs(inputs, "parameters", "preprocessing");
        using var parameters = read.ReadParameters(0, p.Model);
        List<ModelFile> files = [.. HuggingFaceFolder.Write(p.Model, parameters, byteTokens: isText)];
        if (!isText)
            files.Add(new ModelFile(Preprocessing, read[1].ToArray()));
        return files.Select(file => file.Name).SequenceEqual(FileNames(p.Model))
            ? TaskResults.Completed([.. files.Select(file => file.Content)])
            : throw new InvalidOperationException("the exported files are not those that the plan names");
    }
}
