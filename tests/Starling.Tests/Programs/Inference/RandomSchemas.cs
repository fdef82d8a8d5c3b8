using System.Text.Json.Nodes;

namespace Starling.Tests.Programs.Inference;

/// <summary>Schemas of every supported keyword, drawn from a seed.</summary>
internal sealed class RandomSchemas(Random random)
{
    private int deep;

    public JsonObject Next()
    {
        deep = 0;
        JsonObject root = Object();
        root["$defs"] = new JsonObject { ["node"] = Recursive() };
        return root;
    }

    private JsonObject Any()
    {
        if (++deep > 12)
            return Scalar();
        return random.Next(9) switch
        {
            0 or 1 => Object(),
            2 or 3 => List(),
            4 => new JsonObject { ["anyOf"] = new JsonArray(Any(), Any()) },
            5 => new JsonObject { ["$ref"] = "#/$defs/node" },
            6 => random.Next(4) == 0 ? new JsonObject() : new JsonObject { ["enum"] = new JsonArray("a\"b", 1, null, "é😀\n", 2.5, true, new JsonArray(1)) },
            _ => Scalar(),
        };
    }

    private JsonObject Scalar()
    {
        switch (random.Next(8))
        {
            case 0:
                return new JsonObject { ["type"] = "string" };
            case 1:
                int least = random.Next(4);
                return new JsonObject { ["type"] = "string", ["minLength"] = least, ["maxLength"] = least + random.Next(5) };
            case 2:
                return new JsonObject { ["type"] = "integer" };
            case 3:
                int low = random.Next(-2000, 2000);
                return new JsonObject { ["type"] = "integer", ["minimum"] = low, ["maximum"] = low + random.Next(1500) };
            case 4:
                int from = random.Next(-20, 20);
                return new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = from, ["exclusiveMaximum"] = from + 2 + random.Next(40) };
            case 5:
                return new JsonObject { ["type"] = new JsonArray("number", "null") };
            case 6:
                return new JsonObject { ["type"] = "boolean", ["description"] = "whether" };
            default:
                return new JsonObject { ["const"] = random.Next(2) == 0 ? "only" : JsonValue.Create(-7) };
        }
    }

    private JsonObject Object()
    {
        JsonObject properties = [], schema = new() { ["type"] = "object" };
        JsonArray required = [];
        for (int i = random.Next(5); i > 0; i--)
        {
            string name = $"p{i}{(i == 2 ? "\"é" : "")}";
            properties[name] = Any();
            if (random.Next(2) == 0)
                required.Add(name);
        }

        schema["properties"] = properties;
        if (properties.Count > 0 && random.Next(2) == 0)
            schema["additionalProperties"] = false;
        if (required.Count > 0)
            schema["required"] = required;
        return schema;
    }

    private JsonObject List()
    {
        JsonObject schema = new() { ["type"] = "array", ["items"] = Any() };
        int least = random.Next(3);
        if (random.Next(2) == 0)
            schema["minItems"] = least;
        if (random.Next(2) == 0)
            schema["maxItems"] = least + random.Next(3);
        return schema;
    }

    private static JsonObject Recursive() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["value"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
            ["next"] = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/$defs/node" }, new JsonObject { ["type"] = "null" }) },
        },
        ["required"] = new JsonArray("value", "next"),
        ["additionalProperties"] = false,
    };
}
