using Starling.Node.Adversaries;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;

namespace Starling.Simulation.World;

/// <summary>One network and what happens to it, drawn from a seed.</summary>
/// <param name="Seed">All draws follow from it.</param>
/// <param name="Providers">What each provider does wrong, by names of the library; nothing for an honest one. At least one is.</param>
/// <param name="Auditors">What each auditor does wrong; at least one is honest.</param>
/// <param name="Jobs">Which of the tiny jobs are submitted, and when (milliseconds after the start).</param>
/// <param name="Verification">How much is audited; full wherever somebody lies.</param>
/// <param name="Faults">What the world does in the safety phase.</param>
/// <param name="SafetyMs">Length of the safety phase.</param>
public sealed record Scenario(
    ulong Seed,
    IReadOnlyList<string[]> Providers,
    IReadOnlyList<string[]> Auditors,
    IReadOnlyList<(int Job, long At)> Jobs,
    Verification Verification,
    Faults Faults,
    long SafetyMs)
{
    /// <summary>How many different jobs a seed draws from.</summary>
    public const int TinyJobs = 2;

    /// <summary>The job of a model of two layers, which no seed draws.</summary>
    public const int TwoLayers = 3;

    /// <summary>Where machines stand, and how many serve developers or only look on.</summary>
    public Topology Topology { get; init; } = new();

    /// <summary>How much slower the first provider is than the others; 1 for not at all.</summary>
    public int Straggler { get; init; } = 1;

    /// <summary>Leases that each order asks for.</summary>
    public int Leases { get; init; } = 4;

    /// <summary>Leases that each provider takes at once.</summary>
    public int Slots { get; init; } = 2;

    /// <summary>Users that pay each other beside the jobs.</summary>
    public int Users { get; init; }

    /// <summary>Payments that each of them makes.</summary>
    public int Payments { get; init; }

    /// <summary>
    /// When a third of the providers dies at once, in milliseconds after the start; they are back when the world is kind.
    /// 0 for never.
    /// </summary>
    public long ThirdDiesAt { get; init; }

    private static readonly string[] s_mains = Names(AdversaryKind.Lie, AdversaryKind.Manner, AdversaryKind.Challenger);
    private static readonly string[] s_occasions = Names(AdversaryKind.Occasion);
    private static readonly string[] s_auditors = Names(AdversaryKind.Auditor);

    public static Scenario Draw(ulong seed)
    {
        var random = new SimRandom(seed);
        var providers = new string[2 + random.Below(3)][];
        for (var i = 0; i < providers.Length; i++)
            providers[i] = i > 0 && random.Chance(0.25) ? Wrong(random) : [];
        // Where no referee can search, more than half of the auditors decide.
        var auditors = random.Chance(0.2)
            ? [[], [], [s_auditors[random.Below(s_auditors.Length)]]]
            : new string[1 + random.Below(2)][];
        Array.ForEach(Enumerable.Range(0, auditors.Length).ToArray(), i => auditors[i] ??= []);
        var lies = providers.Any(p => p.Length > 0);
        var jobs = new (int, long)[1 + random.Below(2)];
        for (var i = 0; i < jobs.Length; i++)
            jobs[i] = (random.Below(TinyJobs), random.Between(0, 5_000));
        var scenario = new Scenario(
            seed, providers, auditors, jobs,
            lies || random.Chance(0.3) ? Verification.Full : Verification.Spot,
            random.Chance(0.1) ? Faults.None : Faults.Draw(random.Fork(2)), random.Between(5_000, 40_000));
        var load = random.Fork(4);
        return scenario with
        {
            Topology = Topology.Draw(random.Fork(3)),
            Users = load.Chance(0.4) ? 2 + load.Below(2) : 0,
            Payments = 1 + load.Below(6),
            ThirdDiesAt = load.Chance(0.15) ? load.Between(1_000, scenario.SafetyMs) : 0,
        };
    }

    /// <summary>One dishonest provider or challenger, sometimes with a manner and an occasion beside its lie.</summary>
    private static string[] Wrong(SimRandom random)
    {
        var main = s_mains[random.Below(s_mains.Length)];
        List<string> names = [main];
        if (AdversaryLibrary.Find(main)!.Kind == AdversaryKind.Lie && random.Chance(0.3))
            names.Add(s_occasions[random.Below(s_occasions.Length)]);
        if (AdversaryLibrary.Find(main)!.Kind == AdversaryKind.Lie && random.Chance(0.2))
            names.Add(random.Chance(0.5) ? "stall" : "malformed");
        return [.. names];
    }

    private static string[] Names(params AdversaryKind[] kinds) =>
        [.. AdversaryLibrary.All.Where(e => kinds.Contains(e.Kind)).Select(e => e.Name)];

    private static string Text(IEnumerable<string[]> nodes) =>
        string.Join(' ', nodes.Select(n => n.Length == 0 ? "honest" : string.Join(',', n)));

    public override string ToString() =>
        $"seed {Seed}: providers {Text(Providers)}, auditors {Text(Auditors)}, "
        + $"jobs {string.Join(' ', Jobs.Select(j => $"{j.Job}@{j.At}"))}, verification {Verification}, {Topology}, "
        + $"{Users} users with {Payments} payments, a third dies at {ThirdDiesAt} ms, {Faults}, for {SafetyMs} ms";
}
