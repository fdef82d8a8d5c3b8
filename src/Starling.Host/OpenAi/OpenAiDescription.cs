using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary>The description of the API, made of the same fields that requests are read by.</summary>
public static class OpenAiDescription
{
    public const string Path = "/openapi/v1.json";

    private static readonly byte[] s_document = Make();

    /// <summary>The OpenAPI document.</summary>
    public static ReadOnlyMemory<byte> Document => s_document;

    internal static Task Write(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(s_document, http.RequestAborted).AsTask();
    }

    private static byte[] Make() => AnswerJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("openapi", "3.1.1");
        json.WriteStartObject("info");
        json.WriteString("title", "Starling: OpenAI's API");
        json.WriteString("version", "1.0.0");
        json.WriteEndObject();
        json.WriteStartObject("paths");
        Post(json, "/v1/chat/completions", "createChatCompletion", "Answers a chat.", RequestField.Chat, "model", "messages");
        Post(json, "/v1/completions", "createCompletion", "Goes on from a text.", RequestField.Completion, "model", "prompt");
        Post(json, "/v1/embeddings", "createEmbedding",
            "The mean of the last hidden states of all tokens, of length 1.", RequestField.Embedding, "model", "input");
        Get(json, "/v1/models", "listModels", "The models.");
        Get(json, "/v1/models/{model}", "retrieveModel", "One model.", "model");
        Get(json, ReceiptEndpoint.Route, "getAnswerReceipt", "What 'starling verify --response' checks.", "id");
        Get(json, "/health", "getHealth", "Whether the process answers.");
        Get(json, "/ready", "getReadiness", "Whether every model can answer.");
        json.WriteEndObject();
        json.WriteStartObject("components");
        json.WriteStartObject("securitySchemes");
        json.WriteStartObject("key");
        json.WriteString("type", "http");
        json.WriteString("scheme", "bearer");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("schemas");
        json.WritePropertyName("Error");
        json.WriteRawValue(
            """
            {"type":"object","properties":{"error":{"type":"object","properties":{"message":{"type":"string"},"type":{"type":"string"},
            "param":{"type":["string","null"]},"code":{"type":["string","null"]}}}}}
            """);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void Post(
        Utf8JsonWriter json, string path, string operation, string summary, IReadOnlyList<RequestField> fields, params string[] required)
    {
        json.WriteStartObject(path);
        json.WriteStartObject("post");
        Head(json, operation, summary);
        json.WriteStartObject("requestBody");
        json.WriteBoolean("required", true);
        json.WriteStartObject("content");
        json.WriteStartObject("application/json");
        json.WriteStartObject("schema");
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartArray("required");
        foreach (var name in required)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartObject("properties");
        foreach (var field in fields)
            Field(json, field);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        Responses(json, "400", "401", "402", "403", "404", "413", "429", "500", "503");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Field(Utf8JsonWriter json, RequestField field)
    {
        json.WriteStartObject(field.Name);
        using var schema = JsonDocument.Parse(field.Schema);
        foreach (var property in schema.RootElement.EnumerateObject())
            property.WriteTo(json);
        json.WriteString("description", field.Text);
        json.WriteEndObject();
    }

    private static void Get(Utf8JsonWriter json, string path, string operation, string summary, string? parameter = null)
    {
        json.WriteStartObject(path);
        json.WriteStartObject("get");
        Head(json, operation, summary);
        if (parameter is not null)
        {
            json.WritePropertyName("parameters");
            json.WriteRawValue($$$"""[{"name":"{{{parameter}}}","in":"path","required":true,"schema":{"type":"string"}}]""");
        }

        Responses(json, "401", "404", "503");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Head(Utf8JsonWriter json, string operation, string summary)
    {
        json.WriteString("operationId", operation);
        json.WriteString("summary", summary);
        json.WritePropertyName("security");
        json.WriteRawValue("""[{},{"key":[]}]""");
    }

    private static void Responses(Utf8JsonWriter json, params string[] errors)
    {
        json.WriteStartObject("responses");
        json.WritePropertyName("200");
        json.WriteRawValue("""{"description":"As OpenAI's API gives it.","content":{"application/json":{"schema":{"type":"object"}}}}""");
        foreach (var status in errors)
        {
            json.WritePropertyName(status);
            json.WriteRawValue(
                """{"description":"An error.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}}}}""");
        }

        json.WriteEndObject();
    }
}
