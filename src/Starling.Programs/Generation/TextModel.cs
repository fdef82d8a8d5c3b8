using System.Text;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Compute.Tokens;

namespace Starling.Programs.Generation;

/// <summary>A text model, loaded from its folder, that continues a text.</summary>
public sealed class TextModel : IDisposable
{
    private readonly LoadedModel _loaded;
    private readonly DecoderModel _model;
    private readonly ITokenizer _tokenizer;

    private TextModel(LoadedModel loaded, DecoderConfig config, IBackend backend)
    {
        _loaded = loaded;
        _tokenizer = loaded.Tokenizer!;
        _model = new DecoderModel(config, loaded.Parameters, backend);
    }

    /// <summary>Loads the model of a folder; null with what is wrong with which file.</summary>
    public static TextModel? Load(IModelFolder folder, IBackend backend, out string problem)
    {
        var loaded = HuggingFaceFolder.Read(folder, out var wrong);
        problem = wrong?.ToString() ?? "";
        if (loaded?.Config is DecoderConfig config)
            return new TextModel(loaded, config, backend);
        if (loaded is not null)
            problem = $"config.json: a model of type {loaded.Config.ModelType} writes no text";
        loaded?.Dispose();
        return null;
    }

    /// <summary>
    /// Continues a prompt; an empty one stands for a new line. The same prompt, settings and model give the same text
    /// on every machine. A prompt longer than the model's positions keeps its end.
    /// </summary>
    /// <param name="emit">Takes whole characters as they are made.</param>
    public GenerationStop Generate(
        string prompt, GenerationSettings settings, Action<string> emit, CancellationToken cancellation = default)
    {
        var most = _model.Config.MaxPositions;
        var room = Math.Max(most - settings.MaxNewTokens, 1);
        var tokens = _tokenizer.Encode(prompt.Length == 0 ? "\n" : prompt, EncodeMode.Whole);
        tokens = tokens[^Math.Min(tokens.Length, room)..];
        if (settings.StopTokens.Count == 0)
            settings = settings with { StopTokens = _tokenizer.EndTokens };
        using Generator generator = new(_model, (int)Math.Min((long)tokens.Length + settings.MaxNewTokens, most));
        AnswerText shown = new([]);
        var text = _tokenizer.ContinueText();
        var stop = generator.Generate(
            tokens, settings, token => Emit(shown.Take(text.Append(token)), emit), cancellation);
        Emit(shown.Finish(), emit);
        return stop;
    }

    public void Dispose()
    {
        _model.Dispose();
        _loaded.Dispose();
    }

    private static void Emit(ReadOnlySpan<byte> bytes, Action<string> emit)
    {
        if (!bytes.IsEmpty)
            emit(Encoding.UTF8.GetString(bytes));
    }
}
