using System.Net;
using Starling.Host.Driver;
using Starling.Host.Local;
using Starling.Host.Ports;
using Starling.Host.Processes;
using Starling.Protocol.Genesis;

namespace Starling.Host.Serving;

/// <summary>
/// A network of this machine for serving: a sequencer and a gateway in this process, which workers in processes of their
/// own join over the loopback interface. Its folder holds all there is; starting it again goes on.
/// </summary>
public sealed class ServingNetwork : IAsyncDisposable
{
    private const ulong Unit = 1_000_000;
    private const ulong GatewayCredits = 1_000_000_000 * Unit;

    private readonly List<IDisposable> _homes = [];
    private NodeProcess? _sequencer;
    private NodeProcess? _gateway;

    private ServingNetwork(string path) => Path = path;

    public string Path { get; }

    public GenesisRecord Genesis { get; private set; } = null!;

    /// <summary>What a worker joins with.</summary>
    public Invite Invite { get; private set; } = null!;

    /// <summary>Addresses that workers dial.</summary>
    public IReadOnlyList<string> Seeds { get; private set; } = [];

    /// <summary>The gateway's node.</summary>
    public RoleDriver Gateway => _gateway!.Driver;

    /// <summary>The gateway's blobs.</summary>
    public IBlobStore Blobs => _gateway!.Blobs;

    /// <summary>The sequencer's node, which a test may stop.</summary>
    internal NodeProcess Sequencer => _sequencer!;

    /// <summary>Completes when a node has stopped by itself.</summary>
    public Task Failure => Task.WhenAny(_sequencer!.Completion, _gateway!.Completion).Unwrap();

    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static async Task<ServingNetwork> Start(
        string path, TimeProvider time, Action<NodeReport> report, CancellationToken cancel)
    {
        var network = new ServingNetwork(path);
        try
        {
            await network.Open(time, report, cancel);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>The folder of a worker.</summary>
    public string WorkerHome(int number) =>
        System.IO.Path.Combine(Path, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"worker-{number}"));

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_sequencer is not null)
            await _sequencer.DisposeAsync();
        _homes.ForEach(static home => home.Dispose());
    }

    private async Task Open(TimeProvider time, Action<NodeReport> report, CancellationToken cancel)
    {
        var first = Home("sequencer");
        var second = Home("gateway");
        if (first.ReadGenesis() is null)
            NetworkInit.Create(first, Terms(new NodeFolder("gateway", second.Path)), null, time);
        Genesis = first.ReadGenesis()!;
        if (second.ReadGenesis() is null)
            second.WriteGenesis(Genesis);
        _sequencer = await NodeProcess.Start(first, Genesis, Listening(NodeRole.Sequencer, []), null, time, report, cancel);
        _gateway = await NodeProcess.Start(
            second, Genesis, Listening(NodeRole.Gateway, [Address(_sequencer)]), null, time, report, cancel);
        Seeds = [Address(_sequencer), Address(_gateway)];
        Invite = Invite.Create(Genesis.ChainId(), Seeds, new NodeFolder("sequencer", first.Path).Signer());
    }

    private HomeFolder Home(string name)
    {
        var home = HomeFolder.Open(System.IO.Path.Combine(Path, name));
        _homes.Add(home);
        return home;
    }

    /// <summary>One owner's machine: no stake, nobody to vouch for, and all money is the gateway's.</summary>
    private static NetworkTerms Terms(NodeFolder gateway) => new(
        "serving", NetworkProfile.Lab, [new GenesisAccount(gateway.Signer().Id, GatewayCredits, 0, 0)],
        new Dictionary<string, string> { ["vouch_required"] = "false" }, ["127.0.0.1:1"]);

    private static NodeConfig Listening(NodeRole role, IReadOnlyList<string> seeds) => new(role)
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Seeds = seeds,
        ApiPort = 0,
    };

    private static string Address(NodeProcess node) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port}");
}
