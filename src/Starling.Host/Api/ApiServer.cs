using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Starling.Client.Contract;
using Starling.Host.Driver;
using Starling.Host.Listening;
using Starling.Host.Ports;

namespace Starling.Host.Api;

/// <summary>The public API on Kestrel, on the loopback interface.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    /// <summary>The largest request body: a blob.</summary>
    private const long MaxBody = 1L << 30;

    private readonly WebApplication _app;

    private ApiServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address =>
        new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts to listen.</summary>
    /// <param name="gateway">What to serve.</param>
    /// <param name="port">A port, or 0 for any free one.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ApiServer> Start(GatewayPort gateway, int port, CancellationToken cancel = default)
    {
        var builder = PortListening.Builder();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractJson.Default));
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi("v1");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = MaxBody;
        });
        var app = builder.Build();
        app.Use(RefuseForeignHosts);
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Explain });
        Map(app, gateway);
        await app.Listen($"port {port}", "--port", cancel);
        return new ApiServer(app);
    }

    public ValueTask DisposeAsync() => _app.Close(TimeSpan.FromSeconds(2));

    private static void Map(WebApplication app, GatewayPort gateway)
    {
        var api = app.MapGroup("/api/v1");
        NetworkEndpoints.Map(api, gateway);
        JobEndpoints.Map(api, gateway);
        BlobEndpoints.Map(api, gateway);
        EventEndpoints.Map(api, gateway);
        app.MapOpenApi("/api/v1/openapi.json");
    }

    // A web page must not reach a service on the reader's own machine through a name that it controls.
    private static Task RefuseForeignHosts(HttpContext context, RequestDelegate next) =>
        context.Request.Host.Host is "localhost" or "127.0.0.1"
            ? next(context)
            : ApiProblem.Create(
                StatusCodes.Status403Forbidden, "foreign-host", $"'{context.Request.Host.Host}' is not this machine", "Host",
                "use http://127.0.0.1").ExecuteAsync(context);

    private static Task Explain(HttpContext context)
    {
        var problem = context.Features.Get<IExceptionHandlerFeature>()?.Error switch
        {
            NodeStoppedException e => ApiProblem.From(e),
            StorageException e => ApiProblem.From(e),
            BadHttpRequestException e => ApiProblem.Create(e.StatusCode, "bad-request", e.Message),
            _ => ApiProblem.Create(
                StatusCodes.Status500InternalServerError, "internal", "an internal error", fix: "see the log of 'starling up'"),
        };
        return problem.ExecuteAsync(context);
    }
}
