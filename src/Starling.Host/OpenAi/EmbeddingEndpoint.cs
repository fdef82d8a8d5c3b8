using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary><c>POST /v1/embeddings</c>: the mean of the last hidden states of all tokens, of length 1.</summary>
internal static class EmbeddingEndpoint
{
    public static async Task Handle(HttpContext http, OpenAiGateway gateway)
    {
        using var request = await GatewayRequest.Open(gateway, http);
        var model = request.Model;
        var embedding = RequestReader.ReadEmbedding(request.Body, model.Facts, out var error) ?? throw new OpenAiException(error!);
        var inputs = embedding.Inputs.Select(input => CompletionEndpoint.Tokens(model, input, "input")).ToArray();
        if (inputs.FirstOrDefault(input => input.Length > model.Context) is { } longest)
            throw new OpenAiException(ApiError.ContextOverflow(model.Context, longest.Length, null, "input"));
        var tokens = inputs.Sum(input => (long)input.Length);
        request.Reserve(tokens, 0);
        var vectors = new List<float[]>();
        foreach (var input in inputs)
            vectors.Add(await Task.Run(() => model.Embed(input), request.Aborted));
        var body = AnswerJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (var i = 0; i < vectors.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("object", "embedding");
                json.WriteNumber("index", i);
                if (embedding.Base64)
                    json.WriteBase64String("embedding", MemoryMarshal.AsBytes<float>(vectors[i]));
                else
                {
                    json.WriteStartArray("embedding");
                    foreach (var value in vectors[i])
                        json.WriteNumberValue(value);
                    json.WriteEndArray();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("model", model.Name);
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", tokens);
            json.WriteNumber("total_tokens", tokens);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(body, request.Aborted);
        request.IsInputOnly = !request.Aborted.IsCancellationRequested;
    }
}
