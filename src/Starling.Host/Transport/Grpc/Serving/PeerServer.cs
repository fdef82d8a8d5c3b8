using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Starling.Host.Listening;
using Starling.Host.Transport.Grpc.Identity;
using Starling.Host.Transport.Grpc.Wire;

namespace Starling.Host.Transport.Grpc.Serving;

/// <summary>
/// The port that peers dial: HTTP/2 over TLS, no plain text, no other protocol. Whoever says nothing, or something else,
/// is cut off within seconds and holds at most a bounded number of connections meanwhile.
/// </summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private const int StreamsPerConnection = 32;

    private readonly WebApplication _app;

    private PeerServer(WebApplication app) => _app = app;

    public int Port =>
        new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<PeerServer> Start(
        IPEndPoint listen, PeerSelf self, PeeringService service, CancellationToken cancel)
    {
        var builder = PortListening.Builder();
        builder.Services.AddSingleton(service);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = PeerLimits.FrameBytes;
            grpc.MaxSendMessageSize = PeerLimits.FrameBytes;
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Bound(kestrel.Limits);
            kestrel.Listen(listen, options => Secure(options, self));
        });
        var app = builder.Build();
        app.MapGrpcService<PeeringService>();
        await app.Listen(listen.ToString(), "--listen", cancel);
        return new PeerServer(app);
    }

    public ValueTask DisposeAsync() => _app.Close(TimeSpan.FromSeconds(2));

    // Streams last as long as their link and may be quiet: beats, not byte rates, tell whether a peer is there.
    private static void Bound(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = PeerLimits.Connections;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.RequestHeadersTimeout = PeerTimes.Hello;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        limits.MaxRequestHeadersTotalSize = 8 << 10;
        limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
        limits.Http2.InitialStreamWindowSize = 1 << 20;
        limits.Http2.InitialConnectionWindowSize = 4 << 20;
    }

    private static void Secure(ListenOptions options, PeerSelf self)
    {
        options.Protocols = HttpProtocols.Http2;
        var open = new ConcurrentDictionary<IPAddress, int>();
        options.Use(next => connection => Counted(open, next, connection));
        options.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = self.Certificate,
            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = static (shown, _, _) => NodeCertificate.NodeOf(shown) is not null,
            HandshakeTimeout = PeerTimes.Hello,
        });
    }

    private static async Task Counted(
        ConcurrentDictionary<IPAddress, int> open, ConnectionDelegate next, ConnectionContext connection)
    {
        var from = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        try
        {
            if (open.AddOrUpdate(from, 1, static (_, n) => n + 1) > PeerLimits.ConnectionsPerAddress)
                connection.Abort(new ConnectionAbortedException("too many connections from one address"));
            else
                await next(connection);
        }
        finally
        {
            if (open.AddOrUpdate(from, 0, static (_, n) => n - 1) == 0)
                open.TryRemove(new KeyValuePair<IPAddress, int>(from, 0));
        }
    }
}
