using System.Text.Json;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Tokens;

namespace Starling.Programs.Generation;

/// <summary>A trained text model, loaded from the files of its folder, that writes text byte by byte.</summary>
public sealed class TextModel : IDisposable
{
    private readonly TensorMemory _parameters;
    private readonly DecoderModel _model;

    private TextModel(DecoderConfig config, TensorMemory parameters, IBackend backend) =>
        (_parameters, _model) = (parameters, new DecoderModel(config, parameters, backend));

    /// <summary>
    /// Loads <c>config.json</c> and <c>model.safetensors</c>; null with what is wrong with which file.
    /// </summary>
    public static TextModel? Load(
        ReadOnlyMemory<byte> config, ReadOnlyMemory<byte> safetensors, IBackend backend, out string problem)
    {
        if (ReadConfig(config, out problem) is not { } model)
            return null;
        TensorMemory parameters = new(model.CreateLayout());
        if (Checkpoint.Read(model, safetensors, parameters) is { } wrong)
        {
            parameters.Dispose();
            problem = $"model.safetensors: {wrong.Message}";
            return null;
        }

        return new TextModel(model, parameters, backend);
    }

    /// <summary>
    /// Continues a prompt; an empty one stands for a new line. The same prompt, settings and model give the same bytes
    /// on every machine. A prompt longer than the model's positions keeps its end.
    /// </summary>
    public GenerationStop Generate(
        ReadOnlySpan<byte> prompt, GenerationSettings settings, Action<byte> emit, CancellationToken cancellation = default)
    {
        var room = Math.Max(_model.Config.MaxPositions - settings.MaxNewTokens, 1);
        var tokens = ByteTokenizer.Encode(prompt.IsEmpty ? "\n"u8 : prompt[^Math.Min(prompt.Length, room)..]);
        var capacity = (int)Math.Min((long)tokens.Length + settings.MaxNewTokens, _model.Config.MaxPositions);
        using Generator generator = new(_model, capacity);
        return generator.Generate(tokens, settings, token => emit((byte)token), cancellation);
    }

    public void Dispose()
    {
        _model.Dispose();
        _parameters.Dispose();
    }

    private static DecoderConfig? ReadConfig(ReadOnlyMemory<byte> bytes, out string problem)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var model = ModelConfig.Parse(json.RootElement, out var problems);
            problem = model switch
            {
                null => $"config.json: {string.Join("; ", problems.Select(p => $"{p.Key} {p.Message}"))}",
                DecoderConfig { VocabularySize: ByteTokenizer.VocabularySize } => "",
                DecoderConfig d => $"config.json: vocab_size is {d.VocabularySize}; text needs byte tokens (256)",
                _ => $"config.json: a model of type {model.ModelType} writes no text",
            };
            return problem.Length == 0 ? (DecoderConfig)model! : null;
        }
        catch (JsonException e)
        {
            problem = $"config.json: {e.Message}";
            return null;
        }
    }
}
