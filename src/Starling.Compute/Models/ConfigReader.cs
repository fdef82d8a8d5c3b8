using System.Globalization;
using System.Text.Json;

namespace Starling.Compute.Models;

/// <summary>Reads bounded values from a JSON object and collects every problem with the key it lies at.</summary>
internal sealed class ConfigReader
{
    private readonly JsonElement json;
    private readonly string path;
    private readonly List<ConfigProblem> problems;

    public ConfigReader(JsonElement json)
        : this(json, "", [])
    {
    }

    private ConfigReader(JsonElement json, string path, List<ConfigProblem> problems) =>
        (this.json, this.path, this.problems) = (json, path, problems);

    public IReadOnlyList<ConfigProblem> Problems => problems;

    public void Add(string key, string message) => problems.Add(new ConfigProblem(path + key, message));

    public ModelConfig? Unknown(string key, string value, IReadOnlyList<string> known)
    {
        Add(key, $"'{Cut(value)}' is not supported; use one of: {string.Join(", ", known)}.");
        return null;
    }

    public int Integer(string key, int min, int max, int? fallback)
    {
        if (Find(key) is not { } value)
            return Missing(key, fallback);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            && number >= min && number <= max)
            return number;
        Add(key, $"must be a whole number from {min} to {max}.");
        return fallback ?? min;
    }

    public float Number(string key, float min, float max, float? fallback)
    {
        if (Find(key) is not { } value)
            return Missing(key, fallback);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number)
            && number >= min && number <= max)
            return number;
        Add(key, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}."));
        return fallback ?? min;
    }

    public bool Flag(string key, bool fallback)
    {
        if (Find(key) is not { } value)
            return fallback;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Add(key, "must be true or false.");
        return fallback;
    }

    public string? Text(string key, string? fallback)
    {
        if (Find(key) is not { } value)
        {
            if (fallback is null)
                Add(key, "is required.");
            return fallback;
        }

        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        Add(key, "must be text.");
        return fallback;
    }

    public int[] Integers(string key, int min, int max, int maxCount, int[] fallback)
    {
        if (Find(key) is not { } value)
            return fallback;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= maxCount)
        {
            int[] numbers = [.. value.EnumerateArray().Select(item =>
                item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number) ? number : int.MinValue)];
            if (Array.TrueForAll(numbers, number => number >= min && number <= max))
                return numbers;
        }

        Add(key, $"must be a list of at most {maxCount} whole numbers from {min} to {max}.");
        return fallback;
    }

    /// <summary>An object below this one, which adds to the same problems; null where there is none.</summary>
    public ConfigReader? Section(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return new ConfigReader(value, $"{path}{key}.", problems);
        Add(key, "must be an object.");
        return null;
    }

    /// <summary>
    /// Reports a feature that the configuration switches on and the architecture here lacks. A missing key is fine.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="expected">Ways to write the one value that is supported, also for every element of a list.</param>
    public void MustBe(string key, params ReadOnlySpan<string> expected)
    {
        if (Find(key) is not { } value)
            return;
        if (value.ValueKind != JsonValueKind.Array)
            MustBe(key, value, expected);
        else
            foreach (JsonElement item in value.EnumerateArray())
                MustBe(key, item, expected);
    }

    /// <summary>Whether the key is there and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    public void MustHave(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
            if (!Has(key))
                Add(key, "is required.");
    }

    /// <summary>Refuses a text that is none of those named; a missing one stands for the first.</summary>
    public void OneOf(string key, IReadOnlyList<string> known)
    {
        if (Text(key, known[0]) is { } found && !known.Contains(found))
            Unknown(key, found, known);
    }

    public void MustBeAbsent(string key)
    {
        if (Find(key) is not null)
            Add(key, "is not supported.");
    }

    private JsonElement? Find(string key) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(key, out JsonElement value)
            && value.ValueKind != JsonValueKind.Null ? value : null;

    private void MustBe(string key, JsonElement value, ReadOnlySpan<string> expected)
    {
        string found = value.ToString();
        foreach (string text in expected)
            if (found.Equals(text, StringComparison.OrdinalIgnoreCase))
                return;
        Add(key, $"is '{Cut(found)}'; only '{expected[0]}' is supported.");
    }

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private T Missing<T>(string key, T? fallback)
        where T : struct
    {
        if (fallback is null)
            Add(key, "is required.");
        return fallback ?? default;
    }
}
