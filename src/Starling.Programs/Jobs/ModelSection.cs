using System.Buffers;
using System.Text.Json;
using Starling.Compute.Models;

namespace Starling.Programs.Jobs;

/// <summary>Reads the section <c>model</c>: the keys of a config.json.</summary>
internal static class ModelSection
{
    public static ModelConfig? Read(JobMap map, string path, List<JobError> errors)
    {
        var before = errors.Count;
        if (Json(map, path, errors) is not { } json || errors.Count > before)
            return null;
        var model = ModelConfig.Parse(json.RootElement, out var problems);
        foreach (var problem in problems)
        {
            var mark = map.Find(problem.Key.Split('.')[0])?.Value.Mark ?? map.Mark;
            errors.Add(new JobError(
                mark.Line, mark.Column, $"{path}.{problem.Key}", problem.Message.TrimEnd('.'),
                "see docs/jobs.md, model"));
        }

        CheckKeys(map, path, errors);
        return errors.Count == before ? model : null;
    }

    private static void CheckKeys(JobMap map, string path, List<JobError> errors)
    {
        var type = (map.Find("model_type")?.Value as JobScalar)?.Text ?? "";
        string[] known = [.. ModelConfig.KeysOf(type)];
        if (known.Length == 0)
            return;
        foreach (var entry in map.Entries)
        {
            if (known.Contains(entry.Key) || JobKeys.IgnoredModelKeys.Contains(entry.Key))
                continue;
            var fix = NearestName.Of(entry.Key, known) is { } near
                ? $"did you mean '{near}'?"
                : $"a {type} model knows: {string.Join(", ", known)}";
            errors.Add(new JobError(
                entry.Mark.Line, entry.Mark.Column, $"{path}.{entry.Key}", "is not a known key", fix));
        }
    }

    private static JsonDocument? Json(JobMap map, string path, List<JobError> errors)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            foreach (var entry in map.Entries)
            {
                writer.WritePropertyName(entry.Key);
                if (!Write(writer, entry.Value))
                {
                    var mark = entry.Value.Mark;
                    errors.Add(new JobError(
                        mark.Line, mark.Column, $"{path}.{entry.Key}", $"is {entry.Value.Kind}",
                        "give a number, a text, true, false, a list of numbers, or such values by name"));
                    writer.WriteNullValue();
                }
            }

            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static bool Write(Utf8JsonWriter writer, JobNode node)
    {
        if (node is JobList list)
        {
            writer.WriteStartArray();
            var all = true;
            foreach (var item in list.Items)
                all &= item is JobScalar && Write(writer, item);
            writer.WriteEndArray();
            return all;
        }

        if (node is JobMap map)
        {
            writer.WriteStartObject();
            var all = true;
            foreach (var entry in map.Entries)
            {
                writer.WritePropertyName(entry.Key);
                if (entry.Value is JobScalar && Write(writer, entry.Value))
                    continue;
                writer.WriteNullValue();
                all = false;
            }

            writer.WriteEndObject();
            return all;
        }

        if (node is not JobScalar scalar || scalar.IsNull)
            return false;
        if (scalar.IsPlain && JobNumbers.IsNumber(scalar.Text))
            writer.WriteRawValue(scalar.Text);
        else if (scalar.IsPlain && scalar.Text is "true" or "false")
            writer.WriteBooleanValue(scalar.Text == "true");
        else
            writer.WriteStringValue(scalar.Text);
        return true;
    }
}
