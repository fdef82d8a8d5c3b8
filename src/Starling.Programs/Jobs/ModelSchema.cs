using System.Text.Json.Nodes;
using Starling.Compute.Models;

namespace Starling.Programs.Jobs;

/// <summary>
/// The schema of <c>train.model</c>: which keys each model type takes. Their bounds are checked by
/// <see cref="ModelConfig"/>, which other rooms share.
/// </summary>
internal static class ModelSchema
{
    public static JsonObject Write(string description) => new()
    {
        ["description"] = description,
        ["oneOf"] = new JsonArray([.. ModelConfig.KnownModelTypes.Select(type => (JsonNode)Of(type))]),
    };

    private static JsonObject Of(string type)
    {
        JsonObject properties = new() { ["model_type"] = new JsonObject { ["enum"] = new JsonArray(type) } };
        foreach (var key in ModelConfig.KeysOf(type).Concat(JobKeys.IgnoredModelKeys).Where(key => key != "model_type"))
            properties.Add(key, new JsonObject { ["type"] = new JsonArray("number", "string", "boolean", "array", "object") });
        return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. ModelConfig.RequiredKeysOf(type).Select(key => (JsonNode)key)]),
            ["properties"] = properties,
        };
    }
}
