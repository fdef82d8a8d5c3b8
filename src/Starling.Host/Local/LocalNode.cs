using Starling.Client.Contract;
using Starling.Host.Api;
using Starling.Host.Driver;
using Starling.Host.Ports;
using Starling.Host.Serving;
using Starling.Host.Tasks;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Local;

/// <summary>One node of this process, put together from its folder: the same whatever carries its messages.</summary>
internal sealed record LocalNode(
    string Role, NodeSettings Settings, RoleDriver Driver, IBlobStore Blobs, IBlobExchange Exchange, ModelRunner Models)
    : IAsyncDisposable
{
    /// <summary>Batches from one snapshot to the next: half a minute of a busy network.</summary>
    public const int SnapshotEvery = 1_024;

    public string Name => Driver.Name;

    /// <summary>Opens the folder's store and blobs and puts the role on them; it does not run yet.</summary>
    /// <param name="folder">The node's folder.</param>
    /// <param name="role">What the node does, in one word.</param>
    /// <param name="genesis">Its network.</param>
    /// <param name="create">Makes the role.</param>
    /// <param name="connect">Gives the node its peers.</param>
    /// <param name="around">What it shares with the other nodes of the process.</param>
    /// <param name="store">Instead of the folder's own.</param>
    /// <exception cref="StorageException">The folder cannot be read.</exception>
    public static LocalNode Create(
        NodeFolder folder, string role, GenesisRecord genesis, Func<NodeSettings, IRole> create,
        Func<NodeSettings, IBlobStore, NodeConnection> connect, NodeSurroundings around, INodeStore? store = null)
    {
        var settings = new NodeSettings(genesis, folder.Signer(), Ed25519.Instance, genesis.Producer, folder.Secret())
        {
            SnapshotEvery = around.SnapshotEvery,
        };
        var node = create(settings);
        var blobs = folder.OpenBlobs(content => around.Report(new NodeReport(
            folder.Name, "blob.corrupt", new Dictionary<string, object> { ["content"] = content.ToString() })));
        var (transport, exchange) = connect(settings, blobs);
        var models = new ModelRunner(blobs, Path.Combine(folder.Path, "models"), around.Serving);
        var ports = new NodePorts(
            store ?? folder.OpenStore(), blobs, exchange, transport, around.Tasks.RunnerFor(blobs), models, around.Time,
            around.Report);
        return new LocalNode(role, settings, new RoleDriver(folder.Name, settings.Self, node, ports), blobs, exchange, models);
    }

    /// <summary>Stops the node as a kill would.</summary>
    public async ValueTask DisposeAsync()
    {
        await Driver.DisposeAsync();
        Models.Dispose();
    }

    /// <summary>How it fares.</summary>
    public NodeHealth Health => new(
        Name, Role, Driver.Id.ToString(), !Driver.Completion.IsCompleted, Driver.Completion.Exception?.InnerException?.Message);

    /// <summary>What the public API serves from, when this node is a gateway.</summary>
    public GatewayPort Port(Func<Health> health)
    {
        var receipts = new ReceiptDesk(Settings.Genesis, Driver.Store, Blobs, Settings.Referee, Settings.Scheme);
        var events = new EventDesk(Settings.Genesis, Driver.Store, Blobs, Settings.Referee);
        return new GatewayPort(RecordCodec.Encode(Settings.Genesis), Driver, Blobs, Exchange, receipts, events, health);
    }

    /// <summary>Removes from the stores what nobody needs any more, by this node's copy of the log.</summary>
    public BlobSweeper Sweeper(IReadOnlyList<IBlobStore> stores) =>
        new(LedgerReplay.Start(Settings.Genesis, Driver.Store, Blobs, Settings.Referee, Settings.Scheme), Blobs, stores);
}

/// <summary>How a node reaches others.</summary>
internal sealed record NodeConnection(ITransport Transport, IBlobExchange Exchange);

/// <summary>What the nodes of one process share.</summary>
internal sealed record NodeSurroundings(
    TaskPool Tasks, ServingLimits Serving, TimeProvider Time, Action<NodeReport> Report,
    int SnapshotEvery = LocalNode.SnapshotEvery);
