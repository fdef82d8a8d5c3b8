using System.Buffers;
using System.Text.Json;

namespace Starling.Programs.Inference.Requests;

/// <summary>Checks messages and writes them as chat templates expect them.</summary>
internal static class MessageReader
{
    private const int MostMessages = 4096;
    private const int MostParts = 1024;

    private static readonly string[] Own = ["messages", "tools", "add_generation_prompt"];

    /// <summary>The template's variables that come from the request.</summary>
    public static JsonElement Variables(RequestFields request, ToolSection tools)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            if (request.Object("chat_template_kwargs") is { } more)
                foreach (JsonProperty variable in more.EnumerateObject())
                    if (Array.IndexOf(Own, variable.Name) < 0)
                        variable.WriteTo(writer);
                    else
                        throw ApiErrorException.Value(
                            $"chat_template_kwargs.{variable.Name}",
                            $"'{variable.Name}' is a field of the request, not of 'chat_template_kwargs'.");
            writer.WriteBoolean("add_generation_prompt", true);
            WriteMessages(request, writer);
            if (tools.Shown.Count > 0)
            {
                writer.WriteStartArray("tools");
                foreach (JsonElement tool in tools.Shown)
                    tool.WriteTo(writer);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = 128 });
        return document.RootElement.Clone();
    }

    private static void WriteMessages(RequestFields request, Utf8JsonWriter writer)
    {
        request.Required("messages");
        JsonElement[] messages = request.List("messages", MostMessages);
        if (messages.Length == 0)
            throw request.Wrong("messages", "a list of at least one message");
        writer.WriteStartArray("messages");
        for (int i = 0; i < messages.Length; i++)
        {
            string path = $"messages[{i}]";
            if (messages[i].ValueKind != JsonValueKind.Object)
                throw request.Wrong(path, "an object");
            writer.WriteStartObject();
            Write(new RequestFields(messages[i], path), path, writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(RequestFields message, string path, Utf8JsonWriter writer)
    {
        string role = message.RequiredText("role");
        message.Only(role switch
        {
            "system" or "developer" or "user" => ["role", "content", "name"],
            "assistant" => ["role", "content", "name", "tool_calls", "refusal"],
            "tool" => ["role", "content", "tool_call_id"],
            _ => throw message.Wrong("role", "'system', 'developer', 'user', 'assistant' or 'tool'"),
        });
        // Published templates know the older name.
        writer.WriteString("role", role == "developer" ? "system" : role);
        if (message.Text("name") is { } name)
            writer.WriteString("name", name);
        if (role == "tool")
            writer.WriteString("tool_call_id", message.RequiredText("tool_call_id"));
        JsonElement[] calls = role == "assistant" ? message.List("tool_calls", MostParts) : [];
        string? text = Content(message, path) ?? message.Text("refusal");
        if (text is null && calls.Length == 0)
            throw message.Missing("content");
        if (text is null)
            writer.WriteNull("content");
        else
            writer.WriteString("content", text);
        if (calls.Length > 0)
            WriteCalls(calls, path, writer);
    }

    /// <summary>The text; several parts as lines.</summary>
    private static string? Content(RequestFields message, string path)
    {
        if (!message.TryGet("content", out JsonElement content))
            return null;
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString();
        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
            throw message.Wrong("content", "a text or a list of parts");
        List<string> texts = [];
        foreach (JsonElement part in message.List("content", MostParts))
        {
            string place = $"{path}.content[{texts.Count}]";
            if (part.ValueKind != JsonValueKind.Object)
                throw message.Wrong($"content[{texts.Count}]", "an object");
            RequestFields fields = new(part, place);
            string type = fields.RequiredText("type");
            if (type is not ("text" or "refusal"))
                throw ApiErrorException.Unsupported(
                    $"{place}.type",
                    $"'{place}.type' is '{(type.Length > 40 ? type[..40] : type)}', which is not supported: models here read text.");
            fields.Only(["type", type]);
            texts.Add(fields.RequiredText(type));
        }

        return string.Join('\n', texts);
    }

    private static void WriteCalls(JsonElement[] calls, string path, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("tool_calls");
        for (int i = 0; i < calls.Length; i++)
        {
            string place = $"{path}.tool_calls[{i}]";
            if (calls[i].ValueKind != JsonValueKind.Object)
                throw ApiErrorException.Value(place, $"'{place}' must be an object.");
            RequestFields fields = new(calls[i], place);
            fields.Only(["id", "type", "function"]);
            RequestFields function = new(fields.Object("function") ?? throw fields.Missing("function"), $"{place}.function");
            function.Only(["name", "arguments"]);
            writer.WriteStartObject();
            writer.WriteString("id", fields.RequiredText("id"));
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", function.RequiredText("name"));
            WriteArguments(function.RequiredText("arguments"), writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Templates expect an object where the API has its text.</summary>
    private static void WriteArguments(string arguments, Utf8JsonWriter writer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(arguments, new JsonDocumentOptions { MaxDepth = 48 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                writer.WritePropertyName("arguments");
                document.RootElement.WriteTo(writer);
                return;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What a model once wrote need not be JSON; its text stands as it is.
        }

        writer.WriteString("arguments", arguments);
    }
}
