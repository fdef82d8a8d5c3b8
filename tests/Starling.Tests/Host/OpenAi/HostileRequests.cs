using System.Text;
using System.Text.Json.Nodes;

namespace Starling.Tests.Host.OpenAi;

/// <summary>Requests as nobody should send them: well-formed ones with a part replaced, bytes changed, or not JSON at all.</summary>
internal static class HostileRequests
{
    private static readonly string[] s_paths = ["/v1/chat/completions", "/v1/chat/completions", "/v1/completions", "/v1/embeddings"];

    private static readonly string[] s_values =
    [
        "null", "-1", "1e400", "9999999999999999999999", "0.1", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[[[[[[]]]]]]", "true",
        "\"" + new string('x', 3000) + "\"", "[null]", "[1,-1]", "{\"a\":1,\"a\":2}", "{\"type\":\"function\"}", "[{\"role\":\"user\",\"content\":[]}]",
        "{\"type\":\"json_object\"}", "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":{\"$ref\":\"#\"}}}", "[\"a\",[97]]",
    ];

    public static (string Path, byte[] Body) Next(Random random)
    {
        var path = s_paths[random.Next(s_paths.Length)];
        var good = Good(path, random);
        switch (random.Next(6))
        {
            case 0:
                return (path, Replace(good, random));
            case 1:
                return (path, Add(good, random));
            case 2:
                return (path, Break(Encoding.UTF8.GetBytes(good.ToJsonString()), random));
            case 3:
                var depth = random.Next(1, 3000);
                return (path, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", depth))));
            case 4:
                var noise = new byte[random.Next(200)];
                random.NextBytes(noise);
                return (path, noise);
            default:
                return (path, Schema(random));
        }
    }

    private static JsonObject Good(string path, Random random)
    {
        if (path == "/v1/chat/completions")
            return ServedFixture.Chat("hi", chat => (chat["max_tokens"], chat["stream"], chat["temperature"]) = (2, random.Next(2) == 0, 1));
        return path == "/v1/embeddings"
            ? new JsonObject { ["model"] = ServedFixture.Model, ["input"] = "abc" }
            : new JsonObject { ["model"] = ServedFixture.Model, ["prompt"] = "abc", ["max_tokens"] = 2, ["logprobs"] = 1 };
    }

    private static byte[] Replace(JsonObject good, Random random)
    {
        var names = good.Select(pair => pair.Key).ToArray();
        var text = good.ToJsonString();
        var name = names[random.Next(names.Length)];
        var old = $"\"{name}\":{good[name]!.ToJsonString()}";
        return Encoding.UTF8.GetBytes(text.Replace(old, $"\"{name}\":{s_values[random.Next(s_values.Length)]}", StringComparison.Ordinal));
    }

    private static byte[] Add(JsonObject good, Random random)
    {
        string[] names = ["n", "stop", "tools", "tool_choice", "response_format", "logit_bias", "stream_options", "seed", "user", "zzz", "top_p", "logprobs", "best_of", "echo", "\\ud800", "model"];
        var text = good.ToJsonString();
        return Encoding.UTF8.GetBytes($"{text[..^1]},\"{names[random.Next(names.Length)]}\":{s_values[random.Next(s_values.Length)]}}}");
    }

    private static byte[] Break(byte[] bytes, Random random)
    {
        for (var i = random.Next(1, 6); i > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static byte[] Schema(Random random)
    {
        JsonNode schema = new JsonObject { ["type"] = "string", ["maxLength"] = random.Next(6000) };
        for (var i = random.Next(60); i > 0; i--)
            schema = random.Next(3) switch
            {
                0 => new JsonObject { ["type"] = "array", ["items"] = schema, ["maxItems"] = random.Next(60) },
                1 => new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["$ref"] = random.Next(2) == 0 ? "#" : "#/x" }) },
                _ => new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["p"] = schema }, ["required"] = new JsonArray("p") },
            };
        var chat = ServedFixture.Chat("hi", body => body["max_tokens"] = 2);
        chat["response_format"] = new JsonObject { ["type"] = "json_schema", ["json_schema"] = new JsonObject { ["name"] = "s", ["schema"] = schema } };
        return Encoding.UTF8.GetBytes(chat.ToJsonString());
    }
}
