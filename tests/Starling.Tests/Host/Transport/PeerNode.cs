using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Starling.Host.Driver;
using Starling.Host.Storage;
using Starling.Host.Transport.Grpc;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Tests.Host.Transport;

/// <summary>A node's peers and blobs with nobody behind the mailbox: the test takes what comes.</summary>
internal sealed class PeerNode : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Mailbox _mailbox = new(64);
    private readonly ConcurrentQueue<Input> _seen = new();

    private PeerNode(
        byte n, string name, bool listens, string chain, IReadOnlyList<string> seeds, int port = 0, long maxBlob = 1 << 24)
    {
        Signer = KeyOf(n);
        Blobs = new DiskBlobStore(_folder["blobs"], maxBlob, _ => { });
        var options = new PeerOptions(
            name, [name], listens ? new IPEndPoint(IPAddress.Loopback, port) : null, port == 0 ? [] : [$"127.0.0.1:{port}"], seeds);
        Network = new PeerNetwork(
            options, Signer, Genesis(chain), Blobs, _folder.Path, maxBlob, TimeProvider.System, Reports.Enqueue);
    }

    public ISigner Signer { get; }

    public PeerNetwork Network { get; }

    public DiskBlobStore Blobs { get; }

    public ConcurrentQueue<NodeReport> Reports { get; } = new();

    public string Address => $"127.0.0.1:{Network.Port}";

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public static ISigner KeyOf(byte n) => Ed25519.SignerFromSeed([.. Enumerable.Repeat(n, Ed25519.SeedSize)]);

    public static GenesisRecord Genesis(string name) => new(
        name, NetworkProfile.Lab, new Timestamp(1), KeyOf(1).Id, Hash256.Zero, [], [], Rules.Lab);

    public static async Task<PeerNode> Listening(byte n, string chain = "one")
    {
        var node = new PeerNode(n, $"listener-{n}", true, chain, []);
        await node.Network.Start(node._mailbox, Cancel);
        return node;
    }

    /// <summary>Dials one node and can be dialled by the others that know it.</summary>
    public static async Task<PeerNode> Joining(byte n, PeerNode? to, long maxBlob)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var node = new PeerNode(n, $"joiner-{n}", true, "one", to is null ? [] : [to.Address], port, maxBlob);
        await node.Network.Start(node._mailbox, Cancel);
        return node;
    }

    public static async Task<PeerNode> Dialling(byte n, PeerNode to, string chain = "one")
    {
        var node = new PeerNode(n, $"dialler-{n}", false, chain, [to.Address]);
        await node.Network.Start(node._mailbox, Cancel);
        return node;
    }

    /// <summary>Waits for an input that has come or will.</summary>
    public async Task<T> Next<T>(Func<T, bool> wanted)
        where T : Input
    {
        while (true)
        {
            if (_seen.OfType<T>().FirstOrDefault(wanted) is { } found)
                return found;
            var taken = new List<Input>();
            await _mailbox.Take(taken, 16, Cancel);
            taken.ForEach(_seen.Enqueue);
        }
    }

    public Task<PeerPresence> Meets(ISigner peer) => Next<PeerPresence>(p => p.Peer == peer.Id && p.Present);

    public Task<PeerPresence> Misses(ISigner peer) => Next<PeerPresence>(p => p.Peer == peer.Id && !p.Present);

    public async Task<T> Hears<T>(ISigner from)
        where T : Message => (T)(await Next<MessageReceived>(m => m.From == from.Id && m.Message is T)).Message;

    /// <summary>Waits for a report.</summary>
    public async Task<NodeReport> Report(string name)
    {
        while (true)
        {
            if (Reports.FirstOrDefault(r => r.Event == name) is { } report)
                return report;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        _folder.Dispose();
    }
}
