using System.Net.Security;
using Grpc.Net.Client;
using Starling.Host.Transport.Grpc.Identity;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>One TLS connection to an address; knows which node answered.</summary>
internal sealed class PeerChannel : IDisposable
{
    private readonly GrpcChannel _channel;

    public PeerChannel(string address, System.Security.Cryptography.X509Certificates.X509Certificate2 own)
    {
        var tls = new SslClientAuthenticationOptions
        {
            ClientCertificates = [own],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => own,
            RemoteCertificateValidationCallback = (_, shown, _, _) => (Peer = NodeCertificate.NodeOf(shown)) is not null,
        };
        var handler = new SocketsHttpHandler
        {
            SslOptions = tls,
            ConnectTimeout = PeerTimes.Connect,
            UseProxy = false,
            EnableMultipleHttp2Connections = false,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        };
        _channel = GrpcChannel.ForAddress($"https://{address}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = PeerLimits.FrameBytes,
            MaxSendMessageSize = PeerLimits.FrameBytes,
        });
        Client = new Peering.PeeringClient(_channel);
    }

    public Peering.PeeringClient Client { get; }

    /// <summary>Who answered; null before anybody did.</summary>
    public NodeId? Peer { get; private set; }

    public void Dispose() => _channel.Dispose();
}
