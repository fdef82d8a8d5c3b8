using System.Text.Json;

namespace Starling.Compute.Tokens;

/// <summary>A value of a tokenizer's file with its place, which errors name. Missing values and null are the same.</summary>
internal sealed class TokenizerField(string path, JsonElement? json)
{
    public string Path => path;

    public bool Exists => json is { ValueKind: not JsonValueKind.Null };

    public TokenizerField this[string key] => new(
        $"{path}.{key}",
        json is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(key, out JsonElement found) ? found : null);

    /// <summary>The text of the member <c>type</c>; empty where this is missing.</summary>
    public string Type => Exists ? this["type"].Text("") : "";

    public IEnumerable<TokenizerField> Items()
    {
        if (!Exists)
            yield break;
        if (json!.Value.ValueKind != JsonValueKind.Array)
            throw Malformed("must be a list");
        int index = 0;
        foreach (JsonElement item in json.Value.EnumerateArray())
            yield return new TokenizerField($"{path}[{index++}]", item);
    }

    public IEnumerable<(string Name, TokenizerField Value)> Members()
    {
        if (!Exists)
            yield break;
        if (!IsObject)
            throw Malformed("must be an object");
        foreach (JsonProperty member in json!.Value.EnumerateObject())
        {
            string name = Checked(() => member.Name);
            yield return (name, new TokenizerField($"{path}.{Cut(name)}", member.Value));
        }
    }

    public bool IsObject => json is { ValueKind: JsonValueKind.Object };

    public bool IsText => json is { ValueKind: JsonValueKind.String };

    public bool IsNumber => json is { ValueKind: JsonValueKind.Number };

    public string Text(string? fallback = null) => IsText ? Checked(() => json!.Value.GetString()!)
        : !Exists && fallback is not null ? fallback
        : throw Malformed("must be text");

    public int Number() => IsNumber && json!.Value.TryGetInt32(out int number)
        ? number
        : throw Malformed("must be a whole number");

    public bool Flag(bool fallback) => !Exists ? fallback
        : json!.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.Value.GetBoolean()
        : throw Malformed("must be true or false");

    public TokenizerException Malformed(string message) => TokenizerException.Malformed(path, message);

    public TokenizerException Unsupported(string message) => TokenizerException.Unsupported(path, message);

    /// <summary>Refuses a feature that is switched on.</summary>
    public void MustBeOff()
    {
        bool off = !Exists || json!.Value.ValueKind == JsonValueKind.False || (IsText && Text().Length == 0)
            || (IsNumber && json.Value.TryGetDouble(out double number) && number == 0);
        if (!off)
            throw Unsupported("is not supported");
    }

    /// <summary>Reading text fails on halves of surrogate pairs that are written as escapes.</summary>
    private string Checked(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw Malformed("holds text that is not Unicode");
        }
    }

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
