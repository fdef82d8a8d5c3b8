using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Starling.Cli.Output;

/// <summary>JSON values as block YAML. Strings are quoted as JSON, which is YAML too, unless they are plain words.</summary>
internal static class YamlText
{
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                foreach (var (key, value) in map)
                    Entry(text.Append(' ', indent).Append(Scalar(key)).Append(':'), value, indent + 2);
                break;
            case JsonArray { Count: > 0 } list:
                foreach (var value in list)
                    Item(text, value, indent);
                break;
            default:
                text.Append(' ', indent).Append(Scalar(node)).Append('\n');
                break;
        }
    }

    private static void Entry(StringBuilder text, JsonNode? value, int indent)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
            Write(text.Append('\n'), value, indent);
        else
            text.Append(' ').Append(Scalar(value)).Append('\n');
    }

    private static void Item(StringBuilder text, JsonNode? value, int indent)
    {
        var start = text.Length;
        Write(text, value, indent + 2);
        text[start + indent] = '-';
    }

    private static string Scalar(JsonNode? node) => node switch
    {
        null => "null",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Scalar(value.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Scalar(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.') && char.IsAsciiLetter(text[0])
        && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off")
            ? text
            : JsonSerializer.Serialize(text, CliJson.Default.String);
}
