using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;

namespace Starling.Host.Api;

/// <summary>Server-sent events whose headers go out at once, however long the first event takes to come.</summary>
internal sealed class EventStream(IAsyncEnumerable<SseItem<string>> events) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, gone) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        try
        {
            await response.Body.FlushAsync(gone);
            await SseFormatter.WriteAsync(events, response.Body, gone);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The reader left; that is how a stream without end ends.
        }
    }
}
