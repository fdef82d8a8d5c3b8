using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;

namespace Starling.Simulation.World;

/// <summary>What a provider is.</summary>
public enum Character
{
    Honest,
    WrongResult,
    Lazy,
    Silent,
    Crashing,
}

/// <summary>One network and what happens to it, drawn from a seed.</summary>
/// <param name="Seed">All draws follow from it.</param>
/// <param name="Providers">What each provider is; at least one is honest.</param>
/// <param name="Auditors">How many audit.</param>
/// <param name="Jobs">Which of the tiny jobs are submitted, and when (milliseconds after the start).</param>
/// <param name="Verification">How much is audited; full wherever somebody lies.</param>
/// <param name="Faults">What the world does in the safety phase.</param>
/// <param name="SafetyMs">Length of the safety phase.</param>
public sealed record Scenario(
    ulong Seed,
    IReadOnlyList<Character> Providers,
    int Auditors,
    IReadOnlyList<(int Job, long At)> Jobs,
    Verification Verification,
    Faults Faults,
    long SafetyMs)
{
    /// <summary>How many different jobs there are.</summary>
    public const int TinyJobs = 2;

    public static Scenario Draw(ulong seed)
    {
        var random = new SimRandom(seed);
        var providers = new Character[2 + random.Below(3)];
        for (var i = 1; i < providers.Length; i++)
            providers[i] = random.Chance(0.25) ? (Character)(1 + random.Below(4)) : Character.Honest;
        var lies = providers.Any(p => p is Character.WrongResult or Character.Lazy);
        var jobs = new (int, long)[1 + random.Below(2)];
        for (var i = 0; i < jobs.Length; i++)
            jobs[i] = (random.Below(TinyJobs), random.Between(0, 5_000));
        return new Scenario(
            seed, providers, 1 + random.Below(2), jobs,
            lies || random.Chance(0.3) ? Verification.Full : Verification.Spot,
            random.Chance(0.1) ? Faults.None : Faults.Draw(random.Fork(2)), random.Between(5_000, 40_000));
    }

    public override string ToString() =>
        $"seed {Seed}: providers {string.Join(' ', Providers)}, {Auditors} auditors, jobs {string.Join(' ', Jobs.Select(j => $"{j.Job}@{j.At}"))}, verification {Verification}, {Faults}, for {SafetyMs} ms";
}
