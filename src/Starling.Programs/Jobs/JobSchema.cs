using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Starling.Programs.Jobs;

/// <summary>
/// The JSON Schema of a job file, written from the table that the parser reads: docs/job.schema.json is this text. It
/// holds every rule about one key; rules between keys are the parser's alone.
/// </summary>
public static class JobSchema
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write()
    {
        JsonObject root = Section(JobKeys.Root, "A Starling job.");
        root.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        root.Insert(1, "title", "Starling job");
        return root.ToJsonString(s_options) + "\n";
    }

    private static JsonObject Section(IReadOnlyList<JobKey> keys, string description)
    {
        JsonObject properties = [];
        foreach (var key in keys)
            properties.Add(key.Name, Describe(key));
        return new JsonObject
        {
            ["description"] = description,
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. keys.Where(k => k.IsRequired).Select(k => (JsonNode)k.Name)]),
            ["properties"] = properties,
        };
    }

    private static JsonObject Describe(JobKey key)
    {
        var description = key.Default is { } value ? $"{key.Summary} Default: {value}." : key.Summary;
        return key switch
        {
            WholeKey k => new JsonObject
            {
                ["description"] = description,
                ["type"] = "integer",
                ["minimum"] = k.Min,
                ["maximum"] = k.Max,
            },
            NumberKey k => new JsonObject
            {
                ["description"] = description,
                ["type"] = "number",
                ["minimum"] = JsonNode.Parse(JobNumbers.Format(k.Min)),
                ["maximum"] = JsonNode.Parse(JobNumbers.Format(k.Max)),
            },
            TextKey k => new JsonObject
            {
                ["description"] = description,
                ["type"] = "string",
                ["pattern"] = k.Pattern,
                ["examples"] = new JsonArray(k.Example),
            },
            ChoiceKey k => new JsonObject
            {
                ["description"] = description,
                ["enum"] = new JsonArray([.. k.Choices.Select(c => (JsonNode)c)]),
            },
            SectionKey k => Section(k.Keys, description),
            _ => ModelSchema.Write(description),
        };
    }
}
