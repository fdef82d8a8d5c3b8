using Starling.Ledger.State;
using Starling.Node.Adversaries;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Roles;
using Starling.Node.Roles.Auditing;
using Starling.Node.Roles.Gateway;
using Starling.Node.Roles.Providing;
using Starling.Node.Roles.Sequencing;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Simulation.Engine;

namespace Starling.Simulation.World;

/// <summary>A whole network of the real roles: one sequencer, gateways, providers, auditors, replicas.</summary>
public sealed class SimulatedNetwork
{
    public const ulong Unit = 1_000_000;

    /// <summary>Tokens that every provider and auditor begins with.</summary>
    public const ulong Tokens = 1_000 * Unit;

    private const long Start = 1_700_000_000_000;
    private const int BeaconLength = 1 << 14;

    // Hashing a chain takes longer than some whole runs; the seed does not matter to what is tested.
    private static readonly HashChain s_beacons = new(Name("beacon"), BeaconLength);

    private readonly Scenario _scenario;

    public SimulatedNetwork(Scenario scenario, ITaskLab lab, Seams? seams = null)
    {
        _scenario = scenario;
        Sequencer = Key("sequencer").Id;
        Gateways = [.. Enumerable.Range(0, scenario.Topology.Gateways).Select(i => Key(GatewayName(i)).Id)];
        Users = [.. Enumerable.Range(0, scenario.Users).Select(i => Key($"user-{i}"))];
        Providers = [.. scenario.Providers.Select((_, i) => Key($"provider-{i}").Id)];
        Auditors = [.. scenario.Auditors.Select((_, i) => Key($"auditor-{i}").Id)];
        Genesis = MakeGenesis();
        World = new SimNetwork(scenario.Seed, Start, lab);
        Add("sequencer", static n => new Sequencer(n, Beacons(), SequencerSettings.Local));
        for (var i = 0; i < Gateways.Count; i++)
            Add(GatewayName(i), n => new Gateway(n));
        for (var i = 0; i < scenario.Topology.Replicas; i++)
            Add($"replica-{i}", n => new Replica(n));
        for (var i = 0; i < Providers.Count; i++)
            AddProvider(i);
        for (var i = 0; i < Auditors.Count; i++)
            AddAuditor(i);
        World.Place(scenario.Topology, [Sequencer, .. Gateways]);
        seams?.Prepare?.Invoke(this);

        void Add(string name, Func<NodeSettings, IRole> role)
        {
            var settings = Settings(name);
            World.Add(new SimNode(settings.Self, name, () => seams?.Wrap?.Invoke(this, name, role(settings)) ?? role(settings)));
        }

        void AddProvider(int index) => Add($"provider-{index}", n => Misled(
            scenario.Providers[index], n, new Provider(
                n, new ProviderSettings("cpu", "eu", scenario.Slots, 4_096, 1_000, 1_000 * Unit) { Defender = Gateways[0] })));

        void AddAuditor(int index) => Add($"auditor-{index}", n => Misled(
            scenario.Auditors[index], n, new Auditor(n, AuditorSettings)));
    }

    public SimNetwork World { get; }

    public GenesisRecord Genesis { get; }

    public NodeId Sequencer { get; }

    /// <summary>At least one; the first jobs go to the first.</summary>
    public IReadOnlyList<NodeId> Gateways { get; }

    /// <summary>Keys of those who pay each other.</summary>
    public IReadOnlyList<ISigner> Users { get; }

    public static AuditorSettings AuditorSettings { get; } = new(10 * Unit, SeedLength: 1 << 10);

    public IReadOnlyList<NodeId> Providers { get; }

    public IReadOnlyList<NodeId> Auditors { get; }

    /// <summary>Whether a node does what it should.</summary>
    public bool IsHonest(NodeId node)
    {
        for (var i = 0; i < Providers.Count; i++)
            if (Providers[i] == node)
                return _scenario.Providers[i].Length == 0;
        for (var i = 0; i < Auditors.Count; i++)
            if (Auditors[i] == node)
                return _scenario.Auditors[i].Length == 0;
        return true;
    }

    /// <summary>Whether a node, by its own will, leaves disputes unanswered: that loses even a correct result.</summary>
    public bool FallsSilent(NodeId node)
    {
        for (var i = 0; i < Providers.Count; i++)
            if (Providers[i] == node)
                return _scenario.Providers[i].Intersect(["malformed", "crash"]).Any();
        return false;
    }

    /// <summary>The ledger as a node has replayed it; null while it is down or wrapped.</summary>
    public LedgerState? StateOf(NodeId node) => (World[node].Role as ChainRole)?.State;

    private HashSet<NodeId> Dishonest() =>
        [.. Providers.Where((_, i) => _scenario.Providers[i].Length > 0 && !_scenario.Providers[i].Contains("challenge-friends"))];

    private IRole Misled(string[] names, NodeSettings settings, IRole honest) =>
        names.Length == 0 ? honest : AdversaryLibrary.Wrap(names, honest, new AdversaryPlace(settings, Dishonest()));

    /// <summary>What the node of a name is built with.</summary>
    public NodeSettings Settings(string name) =>
        new(Genesis, Key(name), FastSignatures.Instance, Sequencer, Name($"secret of {name}"))
        {
            Outbox = new() { ResendMs = 500, BackoffMs = 250 },
        };

    private GenesisRecord MakeGenesis()
    {
        var accounts = new List<GenesisAccount>();
        foreach (var gateway in Gateways)
            accounts.Add(new GenesisAccount(gateway, 1_000 * Unit, 0, 0));
        foreach (var user in Users)
            accounts.Add(new GenesisAccount(user.Id, Payments.Start, 0, 0));
        foreach (var provider in Providers)
            accounts.Add(new GenesisAccount(provider, 0, Tokens, 0));
        foreach (var auditor in Auditors)
            accounts.Add(new GenesisAccount(auditor, 0, Tokens, 0));
        return new GenesisRecord(
            "simulation", NetworkProfile.Local, new Timestamp(Start), Sequencer, s_beacons.Tip, [], [.. accounts],
            Rules.Local);
    }

    private static BeaconChains Beacons() =>
        new(s_beacons.Copy(), static from => new HashChain(Name($"beacons from {from}"), BeaconLength));

    private static string GatewayName(int index) => index == 0 ? "gateway" : $"gateway-{index}";

    private static Hash256 Name(string name) => Blake3.Hash(System.Text.Encoding.UTF8.GetBytes(name));

    private static ISigner Key(string name) => FastSignatures.Signer(Name(name));
}
