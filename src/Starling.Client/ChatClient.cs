using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Starling.Client;

/// <summary>A service of models refused a request.</summary>
public sealed class ChatException(int status, string message) : Exception(message)
{
    public int Status => status;
}

/// <summary>A small client of OpenAI's API: lists models and streams answers.</summary>
public sealed class ChatClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _address;

    /// <param name="key">The API key, where the service asks for one.</param>
    public ChatClient(Uri address, string? key)
    {
        _address = address;
        _http = new HttpClient { BaseAddress = new Uri(address, "/v1/"), Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Names of the models.</summary>
    /// <exception cref="ChatException">The service refuses.</exception>
    /// <exception cref="UnreachableException">None answers.</exception>
    public async Task<IReadOnlyList<string>> Models(CancellationToken cancel = default)
    {
        using var response = await Send(new HttpRequestMessage(HttpMethod.Get, "models"), cancel);
        var list = await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
        return [.. list!["data"]!.AsArray().Select(model => (string)model!["id"]!)];
    }

    /// <summary>Pieces of the answer to a chat as they come.</summary>
    /// <param name="request">The body of a request; <c>stream</c> is added.</param>
    /// <exception cref="ChatException">The service refuses, or fails on the way.</exception>
    /// <exception cref="UnreachableException">None answers.</exception>
    public async IAsyncEnumerable<string> Stream(JsonObject request, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        request["stream"] = true;
        var message = new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        using var response = await Send(message, cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancel))
        {
            if (item.Data == "[DONE]")
                yield break;
            using var piece = JsonDocument.Parse(item.Data);
            if (piece.RootElement.TryGetProperty("error", out var error))
                throw new ChatException(500, error.GetProperty("message").GetString()!);
            foreach (var choice in piece.RootElement.GetProperty("choices").EnumerateArray())
                if (choice.GetProperty("delta").TryGetProperty("content", out var text) && text.GetString() is { Length: > 0 } shown)
                    yield return shown;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e)
        {
            throw new UnreachableException(_address, e);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new ChatException((int)response.StatusCode, Explain(response, await response.Content.ReadAsStringAsync(cancel)));
    }

    private static string Explain(HttpResponseMessage response, string body)
    {
        try
        {
            if (JsonNode.Parse(body)?["error"]?["message"] is { } message)
                return (string)message!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not ours: a proxy's page, for example. The status says what there is to say.
        }

        return $"the service answered {(int)response.StatusCode} {response.ReasonPhrase}";
    }
}
