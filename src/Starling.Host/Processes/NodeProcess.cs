using Starling.Client.Contract;
using Starling.Compute.Kernels;
using Starling.Host.Api;
using Starling.Host.Driver;
using Starling.Host.Local;
using Starling.Host.Ports;
using Starling.Host.Serving;
using Starling.Host.Tasks;
using Starling.Host.Transport.Grpc;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Disputing;
using Starling.Node.Roles;
using Starling.Node.Roles.Gateway;
using Starling.Node.Roles.Providing;
using Starling.Node.Roles.Sequencing;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Processes;

/// <summary>
/// One node in a process of its own, with peers over the network. Its folder holds all there is: killing the process
/// loses nothing that it said, and starting it again goes on.
/// </summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromSeconds(30);

    private readonly LocalNode _node;
    private readonly PeerNetwork _peers;
    private readonly TaskPool _tasks;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private ApiServer? _api;
    private Task _sweeping = Task.CompletedTask;

    private NodeProcess(
        NodeFolder folder, GenesisRecord genesis, NodeConfig config, PeerOptions options, Func<NodeSettings, IRole> role,
        INodeStore? store, TimeProvider time, Action<NodeReport> report)
    {
        (Genesis, _time) = (genesis, time);
        var works = config.Role is NodeRole.Provider or NodeRole.Auditor;
        _tasks = new TaskPool(works ? config.Threads : 0, static () => new ProgramEngine(new DisputePlayer(VectorBackend.Best())));
        PeerNetwork? peers = null;
        _node = LocalNode.Create(
            folder, options.Name, genesis, role,
            (settings, blobs) => new NodeConnection(
                peers = new PeerNetwork(
                    options, settings.Signer, genesis, blobs, folder.Path, NodeFolder.MaxBlob, time, report),
                peers),
            new NodeSurroundings(
                _tasks, new ServingLimits(config.Answers, 2 * config.Answers), time, report, config.SnapshotEvery), store);
        _peers = peers!;
    }

    public NodeId Id => _node.Driver.Id;

    /// <summary>Runs the node's role.</summary>
    public RoleDriver Driver => _node.Driver;

    /// <summary>The node's own store.</summary>
    public IBlobStore Blobs => _node.Blobs;

    public GenesisRecord Genesis { get; }

    /// <summary>The port on which peers dial it; 0 when it only dials out.</summary>
    public int Port => _peers.Port;

    /// <summary>Where a gateway's API listens.</summary>
    public Uri? Api => _api?.Address;

    /// <summary>Completes when the node has stopped; faulted when it stopped by itself.</summary>
    public Task Completion => _node.Driver.Completion;

    /// <summary>
    /// Starts the node on what its folder holds. A sequencer whose log is in a database waits here while another one writes it.
    /// </summary>
    /// <exception cref="StorageException">The folder or the database cannot be read.</exception>
    /// <exception cref="IOException">A port is taken.</exception>
    /// <exception cref="ArgumentException">This key is not the producer that the genesis names.</exception>
    public static async Task<NodeProcess> Start(
        HomeFolder home, GenesisRecord genesis, NodeConfig config, string? passphrase, TimeProvider time,
        Action<NodeReport> report, CancellationToken cancel)
    {
        var name = config.Role.ToString().ToLowerInvariant();
        var seeds = config.Seeds.Concat(Joining.Seeds(home.Path)).Distinct().ToArray();
        var options = new PeerOptions(name, [name], config.Listen, config.Advertise, seeds)
        {
            UploadBytesPerSecond = config.UploadBytesPerSecond,
        };
        var folder = new NodeFolder(name, home.Path, passphrase);
        var role = Role(config, folder);
        NodeProcess? process = null;
        var lead = config.Log is { } log
            ? await new HotStandby(log, genesis, name, time, report).Wait(e => process?._node.Driver.Fail(e), cancel)
            : null;
        try
        {
            process = new NodeProcess(folder, genesis, config, options, role, lead?.Store, time, report);
            process._node.Driver.Start(lead?.State);
            await process._peers.Start(process._node.Driver, cancel);
            if (config.Role == NodeRole.Gateway)
                process._api = await ApiServer.Start(process._node.Port(process.Health), config.ApiPort, cancel);
            process._sweeping = Task.Run(process.Sweep, CancellationToken.None);
            return process;
        }
        catch
        {
            if (process is not null)
                await process.DisposeAsync();
            else
                lead?.Store.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_api is not null)
            await _api.DisposeAsync();
        await _peers.DisposeAsync();
        await _node.DisposeAsync();
        _tasks.Dispose();
        _stop.Dispose();
    }

    /// <summary>How to make the role; what takes long about it is done here already.</summary>
    private static Func<NodeSettings, IRole> Role(NodeConfig config, NodeFolder folder)
    {
        var beacons = config.Role == NodeRole.Sequencer ? LocalGenesis.Beacons(folder.Secret()) : null;
        return config.Role switch
        {
            NodeRole.Sequencer => settings => new Sequencer(settings, beacons!, SequencerSettings.Local),
            NodeRole.Gateway => settings => new Gateway(settings),
            NodeRole.Replica => settings => new Replica(settings),
            NodeRole.Provider => settings => new Provider(settings, Terms(config)),
            NodeRole.Auditor => settings => new Starling.Node.Roles.Auditing.Auditor(
                settings, LocalTerms.Auditor with { Stake = config.Stake ?? LocalTerms.Auditor.Stake }),
            _ => throw new ArgumentOutOfRangeException(nameof(config)),
        };
    }

    private static ProviderSettings Terms(NodeConfig config)
    {
        var usual = LocalTerms.Provider();
        return usual with
        {
            Capability = config.Capability,
            Region = config.Region,
            Slots = config.Slots,
            MemoryMiB = config.MemoryMiB ?? usual.MemoryMiB,
            Price = config.Price ?? usual.Price,
            Stake = config.Stake ?? usual.Stake,
            Defender = config.Defender,
            Serving = usual.Serving with { AnswersAtOnce = 3 * config.Answers },
        };
    }

    private Health Health() => new(
        _node.Health.Running ? "ok" : "degraded", typeof(NodeProcess).Assembly.GetName().Version!.ToString(3), [_node.Health]);

    private async Task Sweep()
    {
        var sweeper = _node.Sweeper([_node.Blobs]);
        using var timer = new PeriodicTimer(s_sweepEvery, _time);
        while (await timer.WaitForNextTickAsync(_stop.Token))
            sweeper.Sweep();
    }
}
