using System.Buffers;
using System.Text.Json;
using Starling.Compute.Generation;

namespace Starling.Programs.Inference.Requests;

/// <summary>Reads the settings of completions of either kind.</summary>
internal static class RequestSettings
{
    public const int MostChoices = 16;

    /// <summary>The settings; without a limit of its own, an answer may fill the context.</summary>
    /// <param name="isChat">Completions of text say by one integer what chats say by two fields.</param>
    public static GenerationSettings Read(JsonElement request, ModelFacts model, bool isChat)
    {
        using JsonDocument own = OwnFields(request, isChat);
        GenerationSettings? settings = SettingsReader.Parse(own.RootElement, model.Defaults, model.VocabularySize, out var problems);
        if (settings is null)
            throw ApiErrorException.Value(
                problems[0].Field,
                string.Join(" ", problems.Take(8).Select(wrong => $"'{wrong.Field}' must be {wrong.Allowed}, not {wrong.Given}.")));
        return settings;
    }

    public static (bool Stream, bool IncludeUsage) ReadStream(RequestFields fields)
    {
        bool stream = fields.Flag("stream", false);
        if (fields.Object("stream_options") is not { } options)
            return (stream, false);
        RequestFields inner = new(options, "stream_options");
        inner.Only(["include_usage", "include_obfuscation"]);
        if (!stream)
            throw ApiErrorException.Value("stream_options", "'stream_options' is allowed only where 'stream' is true.");
        if (inner.Flag("include_obfuscation", false))
            throw ApiErrorException.Unsupported(
                "stream_options.include_obfuscation", "'stream_options.include_obfuscation' is not supported: pieces carry no padding.");
        return (true, inner.Flag("include_usage", false));
    }

    private static JsonDocument OwnFields(JsonElement request, bool isChat)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            foreach (string field in SettingsReader.Fields)
                if (request.TryGetProperty(field, out JsonElement value) && (isChat || field != "logprobs"))
                {
                    writer.WritePropertyName(field);
                    value.WriteTo(writer);
                }

            if (!isChat && new RequestFields(request, "").Integer("logprobs", 0, SettingRanges.MostTopLogprobs) is { } top)
            {
                writer.WriteBoolean("logprobs", true);
                writer.WriteNumber("top_logprobs", top);
            }

            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }
}
