using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Starling.Host.OpenAi;

/// <summary><c>GET /v1/models</c>, and whether the service lives and is ready.</summary>
internal static class ModelEndpoints
{
    public static async Task List(HttpContext http, OpenAiGateway gateway)
    {
        gateway.Admit(http);
        await Write(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var endpoint in gateway.Models)
                Model(json, endpoint.Model);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    public static async Task Get(HttpContext http, OpenAiGateway gateway)
    {
        var key = gateway.Admit(http);
        var model = gateway.Find((string)http.Request.RouteValues["model"]!, key);
        await Write(http, json => Model(json, model));
    }

    /// <summary>Whether the process answers at all.</summary>
    public static Task Health(HttpContext http) => Write(http, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", "ok");
        json.WriteEndObject();
    });

    /// <summary>Whether every model can answer; 503 where one cannot.</summary>
    public static Task Ready(HttpContext http, OpenAiGateway gateway)
    {
        var ready = gateway.Models.All(endpoint => endpoint.Answers.Failure is null);
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Write(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", ready ? "ready" : "failed");
            json.WriteNumber("running", gateway.Models.Sum(endpoint => endpoint.Answers.Running));
            json.WriteNumber("waiting", gateway.Models.Sum(endpoint => endpoint.Answers.Waiting));
            json.WriteEndObject();
        });
    }

    private static void Model(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteStartObject();
        json.WriteString("id", model.Name);
        json.WriteString("object", "model");
        json.WriteNumber("created", model.Created.ToUnixTimeSeconds());
        json.WriteString("owned_by", "starling");
        json.WriteNumber("max_model_len", model.Context);
        json.WriteEndObject();
    }

    private static Task Write(HttpContext http, Action<Utf8JsonWriter> content)
    {
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(AnswerJson.Write(content), http.RequestAborted).AsTask();
    }
}
