using System.Text.Json;
using System.Text.Json.Nodes;
using Starling.Compute.Generation;
using Starling.Programs.Inference.Requests;
using Starling.Programs.Inference.Templates;

namespace Starling.Host.OpenAi;

/// <summary>What a model's folder says of prompts: the chat template, the names of special tokens, usual settings.</summary>
/// <param name="Names">Variables of the template such as <c>bos_token</c>.</param>
internal sealed record ModelTexts(ChatTemplate Template, JsonObject Names, GenerationSettings Defaults)
{
    private const int MostBytes = 1 << 22;
    private const string Settings = "tokenizer_config.json";

    private static readonly string[] s_tokens = ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token"];

    public bool HasTools => Template.Source.Contains("tools", StringComparison.Ordinal);

    public ToolCallStyle Calls =>
        Template.Source.Contains("<tool_call>", StringComparison.Ordinal) ? ToolCallStyle.Tagged : ToolCallStyle.Bare;

    /// <exception cref="IOException">A file cannot be used; the message names it and the fix.</exception>
    public static ModelTexts Read(string folder)
    {
        var settings = Json(folder, Settings);
        var names = new JsonObject();
        foreach (var token in s_tokens)
            if (Text(settings?[token]) is { } name)
                names[token] = name;
        return new ModelTexts(ReadTemplate(folder, settings), names, ReadDefaults(Json(folder, "generation_config.json")));
    }

    private static ChatTemplate ReadTemplate(string folder, JsonObject? settings)
    {
        var (file, source) = ("chat_template.jinja", Load(folder, "chat_template.jinja"));
        if (source is null)
            (file, source) = (Settings, Named(settings?["chat_template"]) ?? ChatTemplate.Plain);
        return ChatTemplate.Parse(source, out var problem)
            ?? throw new IOException($"{Path.Combine(folder, file)}: the chat template cannot be used: {problem}");
    }

    /// <summary>One template, or the one of several that is the default.</summary>
    private static string? Named(JsonNode? templates) => templates is not JsonArray several
        ? Text(templates)
        : Text(several.OfType<JsonObject>().FirstOrDefault(one => Text(one["name"]) == "default")?["template"]);

    private static GenerationSettings ReadDefaults(JsonObject? generation)
    {
        var usual = new GenerationSettings { Temperature = 1 };
        if (generation is null)
            return usual;
        var known = new JsonObject();
        foreach (var key in (string[])["temperature", "top_k", "top_p", "min_p", "repetition_penalty"])
            if (generation[key] is JsonValue value && value.GetValueKind() == JsonValueKind.Number)
                known[key] = value.DeepClone();
        var settings = JsonSerializer.SerializeToElement(known, OpenAiJson.Default.JsonObject);
        var read = SettingsReader.Parse(settings, usual, int.MaxValue, out _);
        return generation["do_sample"] is JsonValue sample && sample.GetValueKind() == JsonValueKind.False
            ? usual with { Temperature = 0 }
            : read ?? usual;
    }

    private static string? Text(JsonNode? node) => node switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonObject map => Text(map["content"]),
        _ => null,
    };

    private static JsonObject? Json(string folder, string name)
    {
        try
        {
            return Load(folder, name) is { } text ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (JsonException e)
        {
            throw new IOException($"{Path.Combine(folder, name)} is not valid JSON: {e.Message}", e);
        }
    }

    private static string? Load(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
            return null;
        return file.Length <= MostBytes ? File.ReadAllText(file.FullName)
            : throw new IOException($"{file.FullName} is larger than {MostBytes} bytes");
    }
}
