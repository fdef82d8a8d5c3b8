using Grpc.Core;
using Starling.Host.Transport.Grpc;
using Starling.Host.Transport.Grpc.Identity;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Identity;

namespace Starling.Tests.Host.Transport;

/// <summary>A peer that says exactly what the test tells it to.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly PeerSelf _self;
    private readonly PeerChannel _channel;
    private readonly AsyncDuplexStreamingCall<Frame, Frame> _call;

    public RawPeer(ISigner key, PeerNode to, string chain = "one")
    {
        Key = key;
        _self = new PeerSelf(
            key.Id, "raw", PeerNode.Genesis(chain).ChainId(), ["raw"], [], NodeCertificate.Create(key));
        _channel = new PeerChannel(to.Address, _self.Certificate);
        _call = _channel.Client.Link(cancellationToken: Cancel);
    }

    public ISigner Key { get; }

    public Peering.PeeringClient Client => _channel.Client;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public Frame Hello() => Hellos.Of(_self);

    public Task Say(Frame frame) => _call.RequestStream.WriteAsync(frame, Cancel);

    /// <summary>The next frame that is no beat and no list of peers; null when the other side ended the stream.</summary>
    public async Task<Frame?> Hear()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(Cancel))
                if (_call.ResponseStream.Current is { BodyCase: not (Frame.BodyOneofCase.Beat or Frame.BodyOneofCase.Peers) } frame)
                    return frame;
        }
        catch (RpcException)
        {
        }

        return null;
    }

    /// <summary>Says hello and hears the other side's.</summary>
    public async Task Greet()
    {
        await Say(Hello());
        Xunit.Assert.NotNull((await Hear())?.Hello);
    }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
        _self.Certificate.Dispose();
    }
}
