using Starling.Ledger.State;
using Starling.Node.Adversaries;
using Starling.Node.Chain;
using Starling.Node.Contract;
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

/// <summary>A whole network of the real roles: one sequencer, one gateway, providers and auditors.</summary>
public sealed class SimulatedNetwork
{
    private const long Start = 1_700_000_000_000;
    private const ulong Unit = 1_000_000;
    private const int BeaconLength = 1 << 14;

    // Hashing a chain takes longer than some whole runs; the seed does not matter to what is tested.
    private static readonly HashChain s_beacons = new(Name("beacon"), BeaconLength);

    private readonly Scenario _scenario;

    public SimulatedNetwork(Scenario scenario, ITaskLab lab, Func<SimulatedNetwork, string, IRole, IRole>? wrap = null)
    {
        _scenario = scenario;
        Sequencer = Key("sequencer").Id;
        Gateway = Key("gateway").Id;
        Providers = [.. scenario.Providers.Select((_, i) => Key($"provider-{i}").Id)];
        Auditors = [.. Enumerable.Range(0, scenario.Auditors).Select(i => Key($"auditor-{i}").Id)];
        Genesis = MakeGenesis();
        World = new SimNetwork(scenario.Seed, Start, lab);
        Add("sequencer", n => new Sequencer(n, new BeaconChains(s_beacons.Copy(), static from => new HashChain(Name($"beacons from {from}"), BeaconLength)), SequencerSettings.Local));
        Add("gateway", n => new Gateway(n));
        for (var i = 0; i < Providers.Count; i++)
            AddProvider(i);
        for (var i = 0; i < Auditors.Count; i++)
            Add($"auditor-{i}", n => new Auditor(n, new AuditorSettings(10 * Unit, SeedLength: 1 << 10)));

        void Add(string name, Func<NodeSettings, IRole> role)
        {
            var settings = Settings(name);
            World.Add(new SimNode(settings.Self, name, () => wrap?.Invoke(this, name, role(settings)) ?? role(settings)));
        }

        void AddProvider(int index) => Add($"provider-{index}", n => Misled(
            scenario.Providers[index], new Provider(n, new ProviderSettings("cpu", "eu", 2, 4_096, 1_000, 1_000 * Unit))));
    }

    public SimNetwork World { get; }

    public GenesisRecord Genesis { get; }

    public NodeId Sequencer { get; }

    public NodeId Gateway { get; }

    public IReadOnlyList<NodeId> Providers { get; }

    public IReadOnlyList<NodeId> Auditors { get; }

    /// <summary>Whether a node does what it should.</summary>
    public bool IsHonest(NodeId node)
    {
        for (var i = 0; i < Providers.Count; i++)
            if (Providers[i] == node)
                return _scenario.Providers[i] == Character.Honest;
        return true;
    }

    /// <summary>The ledger as a node has replayed it; null while it is down or wrapped.</summary>
    public LedgerState? StateOf(NodeId node) => (World[node].Role as ChainRole)?.State;

    private static IRole Misled(Character character, Provider honest) => character switch
    {
        Character.Honest => honest,
        Character.WrongResult => new WrongResultProvider(honest),
        Character.Lazy => new LazyProvider(honest),
        Character.Silent => new SilentProvider(honest),
        Character.Crashing => new CrashingProvider(honest, runs: 2),
        _ => throw new ArgumentOutOfRangeException(nameof(character)),
    };

    private NodeSettings Settings(string name) =>
        new(Genesis, Key(name), FastSignatures.Instance, Sequencer, Name($"secret of {name}"))
        {
            Outbox = new() { ResendMs = 500, BackoffMs = 250 },
        };

    private GenesisRecord MakeGenesis()
    {
        var accounts = new List<GenesisAccount> { new(Gateway, 1_000 * Unit, 0, 0) };
        foreach (var provider in Providers)
            accounts.Add(new GenesisAccount(provider, 0, 1_000 * Unit, 0));
        foreach (var auditor in Auditors)
            accounts.Add(new GenesisAccount(auditor, 0, 1_000 * Unit, 0));
        return new GenesisRecord(
            "simulation", NetworkProfile.Local, new Timestamp(Start), Sequencer, s_beacons.Tip, [], [.. accounts],
            Rules.Local);
    }

    private static Hash256 Name(string name) => Blake3.Hash(System.Text.Encoding.UTF8.GetBytes(name));

    private static ISigner Key(string name) => FastSignatures.Signer(Name(name));
}
