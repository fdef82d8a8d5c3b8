using System.Text.Json;
using System.Text.Unicode;

namespace Starling.Programs.Inference.Requests;

/// <summary>Reads bodies of requests, strictly: UTF-8, whole characters, no field twice, no deep nesting.</summary>
public static class RequestJson
{
    private const int MostDepth = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };

    /// <summary>The body, or what is wrong with it. The caller disposes the document.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body, out ApiError? error)
    {
        error = null;
        if (!Utf8.IsValid(body.Span))
            error = ApiError.Invalid(null, "The body is not UTF-8.", "invalid_json");
        JsonDocument? document = null;
        try
        {
            document = error is null ? JsonDocument.Parse(body, Strict) : null;
            if (document is { RootElement.ValueKind: not JsonValueKind.Object })
                error = ApiError.Invalid(null, "The body must be a JSON object.", "invalid_json");
            else if (document is not null && !HasWholeCharacters(document.RootElement))
                error = ApiError.Invalid(null, "A text of the body holds half of a surrogate pair.", "invalid_json");
        }
        catch (JsonException e)
        {
            error = ApiError.Invalid(
                null, $"The body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine}): it must parse, "
                    + $"give no field twice and nest at most {MostDepth} deep.", "invalid_json");
        }
        catch (InvalidOperationException)
        {
            // So the parser says that a name it compares with others is no text.
            error = ApiError.Invalid(null, "A name of the body holds half of a surrogate pair.", "invalid_json");
        }

        if (error is null)
            return document;
        document?.Dispose();
        return null;
    }

    private static bool HasWholeCharacters(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                    if (!IsText(property) || !HasWholeCharacters(property.Value))
                        return false;
                return true;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                    if (!HasWholeCharacters(item))
                        return false;
                return true;
            default:
                return value.ValueKind != JsonValueKind.String || IsText(value);
        }
    }

    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsText(JsonProperty property)
    {
        try
        {
            return property.Name is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
