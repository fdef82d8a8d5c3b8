using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;
using Starling.Host.Listening;
using Starling.Host.Ports;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary>OpenAI's API over Kestrel.</summary>
public sealed class OpenAiServer : IAsyncDisposable
{
    /// <summary>With the size of a body this bounds the memory that clients can take.</summary>
    private const int MostConnections = 512;

    private readonly WebApplication _app;

    private OpenAiServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address =>
        new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="address">The interface to listen on.</param>
    /// <param name="port">A port, or 0 for any free one.</param>
    /// <param name="report">Takes errors that are this program's fault.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<OpenAiServer> Start(
        OpenAiGateway gateway, IPAddress address, int port, Action<Exception> report, CancellationToken cancel = default)
    {
        var builder = PortListening.Builder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = OpenAiGateway.MostBody;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });
        var app = builder.Build();
        app.Use((http, next) => Guard(http, next, IPAddress.IsLoopback(address), report));
        Map(app, gateway);
        await app.Listen($"port {port}", "--port", cancel);
        return new OpenAiServer(app);
    }

    /// <summary>Takes no new requests, gives those that run a little time to end.</summary>
    public ValueTask DisposeAsync() => _app.Close(TimeSpan.FromSeconds(5));

    private static void Map(WebApplication app, OpenAiGateway gateway)
    {
        app.MapGet("/v1/models", (HttpContext http) => ModelEndpoints.List(http, gateway));
        app.MapGet("/v1/models/{**model}", (HttpContext http) => ModelEndpoints.Get(http, gateway));
        app.MapPost("/v1/chat/completions", (HttpContext http) => ChatEndpoint.Handle(http, gateway));
        app.MapPost("/v1/completions", (HttpContext http) => CompletionEndpoint.Handle(http, gateway));
        app.MapPost("/v1/embeddings", (HttpContext http) => EmbeddingEndpoint.Handle(http, gateway));
        app.MapGet(ReceiptEndpoint.Route, (HttpContext http) => ReceiptEndpoint.Handle(http, gateway));
        app.MapGet("/health", ModelEndpoints.Health);
        app.MapGet("/ready", (HttpContext http) => ModelEndpoints.Ready(http, gateway));
        app.MapGet(OpenAiDescription.Path, (HttpContext http) => OpenAiDescription.Write(http));
        app.MapScalarApiReference("/docs", options => options.WithOpenApiRoutePattern(OpenAiDescription.Path));
        app.MapFallback((HttpContext http) => OpenAiErrors.Write(
            http, IsKnown(http.Request.Path) ? OpenAiErrors.WrongMethod(http.Request) : OpenAiErrors.NotFound(http.Request.Path)));
    }

    private static bool IsKnown(PathString path) =>
        path.Value is "/v1/chat/completions" or "/v1/completions" or "/v1/embeddings" or "/v1/models" or "/health" or "/ready";

    private static async Task Guard(HttpContext http, RequestDelegate next, bool local, Action<Exception> report)
    {
        var id = Guid.NewGuid().ToString("n");
        http.Items[OpenAiGateway.RequestIdItem] = id;
        http.Response.Headers["x-request-id"] = id;
        try
        {
            // A web page must not reach a service on the reader's own machine through a name that it controls.
            if (local && http.Request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
                throw new OpenAiException(new ApiError(
                    403, "invalid_request_error", $"'{http.Request.Host.Host}' is not this machine: use http://127.0.0.1.", null,
                    "foreign_host"));
            await next(http);
        }
        catch (OpenAiException e)
        {
            await OpenAiErrors.Write(http, e.Error, e.RetryAfter);
        }
        catch (BadHttpRequestException e)
        {
            await OpenAiErrors.Write(http, new ApiError(e.StatusCode, "invalid_request_error", e.Message, null, "bad_request"));
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away; there is nobody to tell.
        }
        catch (StorageException e)
        {
            report(e);
            await OpenAiErrors.Write(
                http, new ApiError(503, "server_error", "The gateway cannot keep its books at the moment.", null, "storage"));
        }
        catch (Exception e)
        {
            report(e);
            // Half an answer must not look like a whole one.
            if (http.Response.HasStarted)
                http.Abort();
            await OpenAiErrors.Write(http, OpenAiErrors.Internal);
        }
    }
}
