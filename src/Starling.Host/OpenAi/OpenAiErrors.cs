using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Starling.Compute.Generation;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary>A request ends with an error.</summary>
internal sealed class OpenAiException(ApiError error, TimeSpan? retryAfter = null) : Exception(error.Message)
{
    public ApiError Error => error;

    public TimeSpan? RetryAfter => retryAfter;
}

/// <summary>Errors in the form of OpenAI's API.</summary>
internal static class OpenAiErrors
{
    public static ApiError Internal { get; } = new(500, "server_error", "An internal error; the service's log has more.", null, null);

    public static ApiError NotFound(string path) => new(
        404, "invalid_request_error",
        $"There is no '{(path.Length <= 200 ? path : path[..200])}' here; /openapi/v1.json lists what there is.", null, "unknown_url");

    public static ApiError WrongMethod(HttpRequest request) => new(
        405, "invalid_request_error", $"{request.Path} does not take {request.Method}.", null, "method_not_allowed");

    /// <summary>An answer source's refusal.</summary>
    public static OpenAiException Of(RequestProblem problem) => problem.Code == RequestProblemCode.Full
        ? new(new ApiError(503, "server_error", $"The model is busy: {problem.Message}", null, "overloaded"), TimeSpan.FromSeconds(1))
        : new(ApiError.Invalid(problem.Field, problem.Message, "invalid_value"));

    public static async Task Write(HttpContext http, ApiError error, TimeSpan? retryAfter = null)
    {
        if (http.Response.HasStarted)
            return;
        http.Response.StatusCode = error.Status;
        http.Response.ContentType = "application/json";
        if (retryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await http.Response.Body.WriteAsync(Body(error), http.RequestAborted);
    }

    public static byte[] Body(ApiError error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", error.Message);
            json.WriteString("type", error.Type);
            json.WriteString("param", error.Param);
            json.WriteString("code", error.Code);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
