using System.Buffers;
using System.Text.Json;
using Starling.Compute.Models;

namespace Starling.Programs.Jobs;

/// <summary>A model's configuration as it stands in specifications: compact JSON, the same bytes for equal models.</summary>
internal static class ModelJson
{
    public const int MaxBytes = 1 << 14;

    public static byte[] Write(ModelConfig model)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
            model.WriteJson(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and nothing else: other bytes of an equal model are refused.</summary>
    public static ModelConfig? Read(byte[] bytes, out string problem)
    {
        problem = "";
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var model = ModelConfig.Parse(json.RootElement, out var problems);
            if (model is null)
                problem = string.Join("; ", problems.Select(p => $"{p.Key} {p.Message}"));
            else if (!Write(model).AsSpan().SequenceEqual(bytes))
                problem = "is not written as this build writes it";
            return problem.Length == 0 ? model : null;
        }
        catch (JsonException e)
        {
            problem = e.Message;
            return null;
        }
    }
}
