using Google.Protobuf;
using Starling.Host.Driver;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Blobs;
using Starling.Host.Transport.Grpc.Identity;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Serving;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc;

/// <summary>
/// One node's peers over gRPC: HTTP/2 over TLS between certificates that node keys endorse. Nodes that can be dialled
/// listen; all others dial out and keep one stream open, over which messages and requests for blobs come back, so that
/// a machine behind NAT serves like any other. Delivery is at most once; a link that breaks is made again.
/// </summary>
public sealed class PeerNetwork : ITransport, IBlobExchange, IAsyncDisposable
{
    private readonly PeerOptions _options;
    private readonly PeerSelf _self;
    private readonly byte[] _genesis;
    private readonly TimeProvider _time;
    private readonly Action<NodeReport> _report;
    private readonly CancellationTokenSource _stop = new();
    private readonly PeerTable _links;
    private readonly AddressBook _book;
    private readonly AddressFile _addresses;
    private readonly Penalties _penalties;
    private readonly Deliveries _deliveries = new();
    private readonly BlobShelf _shelf;
    private readonly BlobUploads _uploads;
    private readonly BlobDownloads _downloads;
    private readonly PeerHost _host;
    private readonly Dialler _dialler;
    private PeerServer? _server;
    private Mailbox? _mailbox;
    private Task _dialling = Task.CompletedTask;

    /// <param name="options">Where to listen and whom to dial.</param>
    /// <param name="node">The node's key.</param>
    /// <param name="genesis">The network.</param>
    /// <param name="blobs">The node's store.</param>
    /// <param name="folder">Where parts of blobs wait for the rest, and learned addresses are kept.</param>
    /// <param name="maxBlob">Bytes of the largest blob taken.</param>
    /// <param name="time">Times silence and pauses.</param>
    /// <param name="report">Told who came, left, was refused or penalised.</param>
    public PeerNetwork(
        PeerOptions options, ISigner node, GenesisRecord genesis, IBlobStore blobs, string folder, long maxBlob,
        TimeProvider time, Action<NodeReport> report)
    {
        (_options, _time, _report) = (options, time, report);
        _genesis = RecordCodec.Encode(genesis);
        _self = new PeerSelf(
            node.Id, options.Name, genesis.ChainId(), options.Roles, options.Advertise, NodeCertificate.Create(node));
        _links = new PeerTable(node.Id, Changed);
        _book = new AddressBook(node.Id);
        _addresses = new AddressFile(Path.Combine(folder, "peers"));
        _penalties = new Penalties(options.Name, time, report);
        _shelf = new BlobShelf(blobs, time);
        var rate = new RateLimit(options.UploadBytesPerSecond, Math.Max(options.UploadBytesPerSecond / 4, PeerLimits.PartBytes), time);
        _uploads = new BlobUploads(_shelf, _links, rate, time);
        var peers = new BlobPeering(_links, _deliveries, _penalties, time);
        _downloads = new BlobDownloads(peers, _shelf, blobs, Path.Combine(folder, "partial"), maxBlob);
        _host = new PeerHost(_self, _links, _penalties, Take, time, report);
        _dialler = new Dialler(_self, _host, _links, _book, time, report);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<NodeId> Peers => _links.Peers;

    /// <summary>The port it listens on; 0 when it does not.</summary>
    public int Port => _server?.Port ?? 0;

    /// <summary>Bytes of blobs that it sent to peers since its start.</summary>
    public long BlobBytesSent => _uploads.Sent;

    /// <summary>Listens and dials; messages go to the node's mailbox.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public Task Start(RoleDriver node, CancellationToken cancel = default) => Start(node.Mailbox, cancel);

    internal async Task Start(Mailbox mailbox, CancellationToken cancel)
    {
        _mailbox = mailbox;
        foreach (var (node, addresses) in _addresses.Read())
            _book.Learn(node, addresses);
        if (_options.Listen is { } listen)
            _server = await PeerServer.Start(
                listen, _self, new PeeringService(_host, _links, _uploads, _deliveries, _genesis, _stop.Token), cancel);
        _dialling = _dialler.Run(_options.Seeds, _stop.Token);
    }

    /// <inheritdoc/>
    public async ValueTask Send(NodeId to, Message message, CancellationToken cancel)
    {
        if (_links.Find(to) is not { } link)
            return;
        var (frame, overflow) = (MessageFrames.Encode(message), Mailbox.OverflowOf(message));
        if (link.Outgoing.TryAdd(frame, overflow))
            return;
        using var patience = new CancellationTokenSource(PeerTimes.Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token, link.Closed);
        try
        {
            while (!link.Outgoing.TryAdd(frame, overflow))
                await link.Outgoing.WaitForRoom(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Lost, as any message may be.
        }
    }

    /// <inheritdoc/>
    public void Penalise(NodeId peer, string reason)
    {
        _penalties.Add(peer, Offence.BadRecord, reason);
        _links.Find(peer)?.Close(reason);
    }

    /// <inheritdoc/>
    public Task<bool> Fetch(Hash256 content, IReadOnlyList<NodeId> holders, CancellationToken cancel) =>
        _downloads.Fetch(content, holders, cancel);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _dialling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _dialler.Ended();
        if (_server is not null)
            await _server.DisposeAsync();
        _downloads.Dispose();
        _shelf.Dispose();
        _self.Certificate.Dispose();
        _stop.Dispose();
    }

    private async ValueTask Take(PeerLink link, Frame frame)
    {
        switch (frame.BodyCase)
        {
            case Frame.BodyOneofCase.Hello:
                throw new DecodeException(nameof(Frame), "a second hello");
            case Frame.BodyOneofCase.Refusal:
                link.Close($"refused: {frame.Refusal.Code}");
                break;
            case Frame.BodyOneofCase.Peers:
                if (_book.Learn(frame.Peers))
                    Pass(link, frame);
                break;
            case Frame.BodyOneofCase.Want:
                _ = Task.Run(() => _uploads.Deliver(link, frame.Want), CancellationToken.None);
                break;
            default:
                if (MessageFrames.Decode(frame) is { } message)
                    await Post(new MessageReceived(link.Peer, message), link.Closed);
                break;
        }
    }

    // A mailbox that is full makes its senders wait: the link is not read meanwhile.
    private async ValueTask Post(MessageReceived message, CancellationToken cancel)
    {
        while (!_mailbox!.TryPost(message))
            await _mailbox.WaitForRoom(cancel);
    }

    private void Changed(PeerLink link, bool present)
    {
        _mailbox?.Complete(new PeerPresence(link.Peer, present));
        _report(new NodeReport(_options.Name, present ? "peer.joined" : "peer.left", new Dictionary<string, object>
        {
            ["peer"] = link.Peer.ToString(),
            ["roles"] = string.Join(',', link.Hello.Roles),
            ["reason"] = link.Reason ?? link.Hello.Software,
        }));
        if (!present)
            return;
        link.Outgoing.TryAdd(_book.Frame(), Overflow.BackPressure);
        if (_book.Learn(link.Peer, link.Hello.Addresses))
            Pass(link, AddressBook.Frame(link.Peer, link.Hello.Addresses));
    }

    /// <summary>Tells the other peers what one peer told, and remembers it.</summary>
    private void Pass(PeerLink from, Frame frame)
    {
        _addresses.Write(_book.All);
        foreach (var link in _links.All)
            if (link != from)
                link.Outgoing.TryAdd(frame, Overflow.BackPressure);
    }
}
