using System.Text.Json;
using Starling.Compute.Tensors;

namespace Starling.Compute.Models;

/// <summary>
/// Finds the weights of a model's folder: one file, or those that <c>model.safetensors.index.json</c> names. The index is
/// hostile input: it can name no file outside the folder, and every tensor must lie where it says.
/// </summary>
internal static class CheckpointFiles
{
    public const string Single = "model.safetensors", Index = "model.safetensors.index.json";

    private const int MaxIndexBytes = 16 << 20;
    private const int MaxFiles = 4096;

    /// <summary>All tensors of the folder by name, or what is wrong with which file.</summary>
    public static ModelProblem? Open(IModelFolder folder, out CheckpointIndex index)
    {
        CheckpointIndex found = index = new();
        if (folder.Open(Single) is { } single)
            return Add(Single, single, null, index);
        if (folder.Open(Index) is not { } map)
            return new ModelProblem(
                ModelProblemCode.Missing, Single, null, $"is missing, and so is {Index}; other formats of weights are not read");
        if (ReadMap(map, out Dictionary<string, string> places) is { } problem)
            return problem;
        foreach (string file in places.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (folder.Open(file) is not { } source)
                return new ModelProblem(ModelProblemCode.Missing, file, null, $"is missing; {Index} names it");
            if (Add(file, source, places, index) is { } wrong)
                return wrong;
        }

        return places.Keys.FirstOrDefault(name => !found.Contains(name)) is { } missing
            ? Wrong(Index, TensorProblem.Of(TensorProblemCode.BadIndex, missing, $"is not in {places[missing]}"))
            : null;
    }

    public static ModelProblem Wrong(string file, TensorProblem problem) =>
        new(ModelProblemCode.Weights, file, problem.Tensor, problem.Message);

    private static ModelProblem? Add(
        string name, IByteSource source, Dictionary<string, string>? places, CheckpointIndex index)
    {
        if (SafetensorsFile.Open(source, out SafetensorsFile? file) is { } problem)
            return Wrong(name, problem);
        foreach (SafetensorsEntry entry in file!.Entries)
            if (places is not null && (!places.TryGetValue(entry.Name, out string? place) || place != name))
                return Wrong(name, TensorProblem.Of(TensorProblemCode.BadIndex, entry.Name, $"is here; {Index} says otherwise"));
        return index.Add(file) is { } duplicate ? Wrong(name, duplicate) : null;
    }

    private static ModelProblem? ReadMap(IByteSource source, out Dictionary<string, string> places)
    {
        places = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (source.ReadAll(MaxIndexBytes) is not { } bytes)
                return Malformed($"is larger than {MaxIndexBytes} bytes");
            using JsonDocument json = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 8 });
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("weight_map", out JsonElement map)
                || map.ValueKind != JsonValueKind.Object)
                return Malformed("lacks weight_map");
            foreach (JsonProperty entry in map.EnumerateObject())
                if (entry.Value.ValueKind != JsonValueKind.String || !IsFileName(entry.Value.GetString()!))
                    return Malformed($"gives '{entry.Name}' a place that is no file of the folder");
                else if (!places.TryAdd(entry.Name, entry.Value.GetString()!))
                    return Malformed($"names '{entry.Name}' twice");
            return places.Values.Distinct(StringComparer.Ordinal).Count() is 0 or > MaxFiles
                ? Malformed($"must name 1 to {MaxFiles} files")
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Malformed("is not valid JSON");
        }
    }

    private static bool IsFileName(string name) =>
        name.Length is > 0 and <= 255 && name[0] != '.' && name.EndsWith(".safetensors", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static ModelProblem Malformed(string message) => new(ModelProblemCode.Weights, Index, null, message);
}
