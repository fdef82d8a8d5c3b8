using Starling.Client.Contract;
using Starling.Host.Api;
using Starling.Host.Driver;
using Starling.Host.Ports;
using Starling.Host.Serving;
using Starling.Host.Tasks;
using Starling.Host.Transport;
using Starling.Node.Adversaries;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Roles.Auditing;
using Starling.Node.Roles.Gateway;
using Starling.Node.Roles.Providing;
using Starling.Node.Roles.Sequencing;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Local;

/// <summary>
/// A whole network in one process and one folder: sequencer, gateway, providers and auditors, each with key, database
/// and blobs of its own, each believing nothing that it cannot check. Killing the process loses nothing; starting it
/// again on the same folder goes on.
/// </summary>
public sealed class LocalNetwork : IAsyncDisposable
{
    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromSeconds(5);

    private readonly HomeFolder _home;
    private readonly LocalOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<NodeReport> _report;
    private readonly MemoryNetwork _transport;
    private readonly MemoryBlobExchange _exchange = new();
    private readonly TaskPool _tasks;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<LocalNode> _nodes = [];
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _background = Task.CompletedTask;

    private LocalNetwork(HomeFolder home, LocalOptions options, TimeProvider time, Action<NodeReport> report)
    {
        (_home, _options, _time, _report) = (home, options, time, report);
        _transport = new MemoryNetwork(time);
        _tasks = new TaskPool(options.Threads, options.Engines);
        var beacons = LocalGenesis.Beacons(home.Node(LocalNames.Sequencer).Secret());
        Genesis = LocalGenesis.Load(home, beacons, options.Rules, time);
        Add(LocalNames.Sequencer, "sequencer", node => new Sequencer(node, beacons, SequencerSettings.Local));
        Add(LocalNames.Gateway, "gateway", node => new Gateway(node));
        foreach (var name in LocalNames.Auditors)
            Add(name, "auditor", node => new Auditor(node, LocalTerms.Auditor));
        var gateway = home.Node(LocalNames.Gateway).Signer().Id;
        foreach (var name in LocalNames.Providers(options.Providers))
        {
            var terms = LocalTerms.Provider(options.Misbehave.ContainsKey(name)) with { Defender = gateway };
            Add(name, "provider", node => new Provider(node, terms));
        }
    }

    public GenesisRecord Genesis { get; }

    /// <summary>What a provider of a local network asks, for quotes while none runs.</summary>
    public static OfferInfo TypicalOffer
    {
        get
        {
            var terms = LocalTerms.Provider();
            return new OfferInfo(
                "", "", terms.Capability, terms.Region, terms.Slots, terms.Slots, terms.MemoryMiB, terms.Price, default);
        }
    }

    /// <summary>What the public API serves from.</summary>
    public GatewayPort Gateway => _nodes.Single(n => n.Name == LocalNames.Gateway).Port(Health);

    /// <summary>Starts every node on what the folder holds.</summary>
    /// <exception cref="StorageException">A node's store cannot be read.</exception>
    public static async Task<LocalNetwork> Start(
        HomeFolder home, LocalOptions options, TimeProvider time, Action<NodeReport> report)
    {
        var network = new LocalNetwork(home, options, time, report);
        try
        {
            foreach (var node in network._nodes)
                node.Driver.Start();
            network._background = Task.Run(network.Tidy);
            network.TellFailures();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Never completes but by a fault: that of the first node that stopped by itself.</summary>
    public Task Failure => _failure.Task;

    /// <summary>Stops one node as a kill would.</summary>
    public async Task Kill(string name)
    {
        if (_nodes.Find(n => n.Name == name) is not { } node)
            throw new ArgumentException($"no node {name} here", nameof(name));
        _transport.Detach(node.Driver.Id);
        _exchange.Detach(node.Driver.Id);
        await node.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _tasks.Dispose();
        _exchange.Dispose();
    }

    /// <summary>Keeps the book and the disk free of what nobody needs.</summary>
    private async Task Tidy()
    {
        var gateway = _nodes.Single(n => n.Name == LocalNames.Gateway);
        await AbsentProviders.Withdraw(_home, gateway.Driver, _options.Providers, _time, _stop.Token);
        var sweeper = gateway.Sweeper([.. _nodes.Select(n => n.Blobs)]);
        using var timer = new PeriodicTimer(s_sweepEvery, _time);
        while (await timer.WaitForNextTickAsync(_stop.Token))
            sweeper.Sweep();
    }

    private void TellFailures()
    {
        foreach (var task in _nodes.Select(n => n.Driver.Completion).Append(_background))
            task.ContinueWith(
                failed => _failure.TrySetException(failed.Exception!.InnerException!), CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private Health Health() => new(
        _nodes.TrueForAll(n => !n.Driver.Completion.IsFaulted) ? "ok" : "degraded",
        typeof(LocalNetwork).Assembly.GetName().Version!.ToString(3),
        [.. _nodes.Select(n => n.Health)]);

    /// <summary>The providers that misbehave: to each of them and to auditors, friends.</summary>
    private HashSet<NodeId> Dishonest() => [.. _options.Misbehave
        .Where(m => !m.Value.Contains("challenge-friends") && LocalNames.Providers(_options.Providers).Contains(m.Key))
        .Select(m => _home.Node(m.Key).Signer().Id)];

    private void Add(string name, string role, Func<NodeSettings, IRole> create)
    {
        var node = LocalNode.Create(
            _home.Node(name), role, Genesis,
            settings => _options.Misbehave.TryGetValue(name, out var wrong)
                ? AdversaryLibrary.Wrap(wrong, create(settings), new AdversaryPlace(settings, Dishonest()))
                : create(settings),
            (settings, blobs) => new NodeConnection(
                _transport.Endpoint(settings.Self), _exchange.Endpoint(settings.Self, blobs)),
            new NodeSurroundings(_tasks, ServingLimits.Usual, _time, _report));
        _transport.Attach(node.Driver);
        _exchange.Attach(node.Driver.Id, node.Blobs);
        _nodes.Add(node);
    }
}
