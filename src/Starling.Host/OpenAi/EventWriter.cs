using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Starling.Host.OpenAi;

/// <summary>Server-sent events as OpenAI's clients read them.</summary>
internal sealed class EventWriter(HttpContext http)
{
    /// <summary>Sends the head of the answer.</summary>
    public async Task Begin()
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        await http.Response.StartAsync(http.RequestAborted);
    }

    /// <summary>Sends one event; completes when the operating system has it.</summary>
    public async Task Send(Action<Utf8JsonWriter> content)
    {
        var writer = http.Response.BodyWriter;
        Put("data: "u8);
        using (var json = new Utf8JsonWriter(writer, AnswerJson.Options))
            content(json);
        Put("\n\n"u8);
        await Flush();
    }

    public async Task End()
    {
        Put("data: [DONE]\n\n"u8);
        await Flush();
    }

    private async Task Flush()
    {
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        http.RequestAborted.ThrowIfCancellationRequested();
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(http.Response.BodyWriter.GetSpan(text.Length));
        http.Response.BodyWriter.Advance(text.Length);
    }
}
