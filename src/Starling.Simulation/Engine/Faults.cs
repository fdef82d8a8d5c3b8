using System.Globalization;

namespace Starling.Simulation.Engine;

/// <summary>What the world does to a network while it is allowed to. Everything is drawn from the seed and printed.</summary>
public sealed record Faults
{
    /// <summary>Nothing goes wrong: the liveness phase, and tests of the engine itself.</summary>
    public static Faults None { get; } = new();

    public double Loss { get; init; }

    public double Duplication { get; init; }

    /// <summary>Chance that a message is held back and comes after later ones.</summary>
    public double Reordering { get; init; }

    /// <summary>Milliseconds, one way.</summary>
    public int LatencyMin { get; init; } = 1;

    public int LatencyMax { get; init; } = 5;

    /// <summary>Chance that a step's effects are lost with the process, or that it dies just after storing them.</summary>
    public double CrashPerStep { get; init; }

    /// <summary>Chance that a crash that comes before the effects are stored leaves a part of them on the disk.</summary>
    public double TornWrites { get; init; }

    public int DownMin { get; init; } = 200;

    public int DownMax { get; init; } = 3_000;

    /// <summary>Mean milliseconds between partitions of the network into two sides; 0 for none.</summary>
    public int PartitionEvery { get; init; }

    public int PartitionMax { get; init; } = 3_000;

    /// <summary>Chance that a holder fails to deliver a blob.</summary>
    public double FetchFailure { get; init; }

    /// <summary>Chance that a read of a blob gives other bytes than were written; the next may give the right ones.</summary>
    public double CorruptReads { get; init; }

    /// <summary>Milliseconds a machine's clock may be off.</summary>
    public int Skew { get; init; }

    /// <summary>Milliseconds of a run on the fastest machine.</summary>
    public int RunMsMin { get; init; } = 20;

    public int RunMsMax { get; init; } = 400;

    /// <summary>How much slower than the fastest the slowest machine is.</summary>
    public int SlowestFactor { get; init; } = 1;

    /// <summary>A world drawn from the seed: any kind of fault may be absent, mild or harsh.</summary>
    public static Faults Draw(SimRandom random)
    {
        var latencyMin = random.Below(10) + 1;
        return new Faults
        {
            Loss = random.Chance(0.7) ? random.Unit() * 0.25 : 0,
            Duplication = random.Chance(0.5) ? random.Unit() * 0.2 : 0,
            LatencyMin = latencyMin,
            LatencyMax = latencyMin + random.Below(random.Chance(0.3) ? 400 : 40),
            CrashPerStep = random.Chance(0.7) ? random.Unit() * 0.004 : 0,
            DownMax = 200 + random.Below(6_000),
            PartitionEvery = random.Chance(0.5) ? 2_000 + random.Below(20_000) : 0,
            PartitionMax = 500 + random.Below(6_000),
            FetchFailure = random.Chance(0.4) ? random.Unit() * 0.3 : 0,
            Skew = random.Chance(0.5) ? random.Below(400) : 0,
            SlowestFactor = 1 + random.Below(6),
            Reordering = random.Chance(0.4) ? random.Unit() * 0.2 : 0,
            TornWrites = random.Chance(0.5) ? random.Unit() : 0,
            CorruptReads = random.Chance(0.3) ? random.Unit() * 0.1 : 0,
        };
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"loss {Loss:P1}, duplication {Duplication:P1}, reordering {Reordering:P1}, latency {LatencyMin}-{LatencyMax} ms, ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"crash {CrashPerStep:P2} per step, {TornWrites:P0} torn, down {DownMin}-{DownMax} ms, partition every {PartitionEvery} ms ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"for up to {PartitionMax} ms, fetch failure {FetchFailure:P0}, corrupt reads {CorruptReads:P1}, ")
        + $"skew {Skew} ms, slowest {SlowestFactor}x";
}
