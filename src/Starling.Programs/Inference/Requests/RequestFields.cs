using System.Text.Json;
using Starling.Programs.Jobs;

namespace Starling.Programs.Inference.Requests;

/// <summary>The fields of an object in a request. A field that is null counts as left out.</summary>
/// <param name="path">Where the object is; empty for the whole request.</param>
internal readonly struct RequestFields(JsonElement owner, string path)
{
    /// <summary>Refuses what is none of the known fields.</summary>
    /// <param name="refused">Fields of OpenAI's API that are not served, and why.</param>
    public void Only(IEnumerable<string> known, IReadOnlyDictionary<string, string>? refused = null)
    {
        foreach (JsonProperty property in owner.EnumerateObject())
        {
            if (known.Contains(property.Name))
                continue;
            if (refused is not null && refused.TryGetValue(property.Name, out string? why))
            {
                if (property.Value.ValueKind != JsonValueKind.Null)
                    throw ApiErrorException.Unsupported(At(property.Name), $"'{At(property.Name)}' is not supported: {why}.");
                continue;
            }

            bool isShort = property.Name.Length <= 64;
            string? nearest = isShort ? NearestName.Of(property.Name, known) : null;
            string shown = isShort ? property.Name : property.Name[..64] + "...";
            throw new ApiErrorException(ApiError.Invalid(
                At(shown), $"Unknown parameter: '{At(shown)}'.{(nearest is null ? "" : $" Did you mean '{At(nearest)}'?")}",
                "unknown_parameter"));
        }
    }

    public string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public bool TryGet(string name, out JsonElement value) =>
        owner.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    public JsonElement Required(string name) =>
        TryGet(name, out JsonElement value) ? value : throw Missing(name);

    public string? Text(string name) => !TryGet(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a text");

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    public bool Flag(string name, bool missing) => !TryGet(name, out JsonElement value) ? missing
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false");

    public int? Integer(string name, int least, int most) => !TryGet(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number : throw Wrong(name, $"an integer from {least} to {most}");

    public JsonElement? Object(string name) => !TryGet(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Object ? value : throw Wrong(name, "an object");

    /// <summary>A list; empty where it is left out.</summary>
    public JsonElement[] List(string name, int most)
    {
        if (!TryGet(name, out JsonElement value))
            return [];
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= most
            ? [.. value.EnumerateArray()] : throw Wrong(name, $"a list of at most {most}");
    }

    public ApiErrorException Wrong(string name, string allowed) =>
        new(ApiError.Invalid(At(name), $"'{At(name)}' must be {allowed}.", "invalid_value"));

    public ApiErrorException Missing(string name) =>
        new(ApiError.Invalid(At(name), $"Missing required parameter: '{At(name)}'.", "missing_required_parameter"));
}
