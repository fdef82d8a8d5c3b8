namespace Starling.Simulation.Engine;

/// <summary>SplitMix64: the same draws from a seed on every runtime, for ever.</summary>
public sealed class SimRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in 0 .. count - 1.</summary>
    public int Below(int count) => (int)((UInt128)Next() * (uint)count >> 64);

    /// <summary>Uniform in low .. high, both included.</summary>
    public long Between(long low, long high) => low + (long)((UInt128)Next() * (ulong)(high - low + 1) >> 64);

    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>A source of its own for one purpose, so that draws for one thing never shift those for another.</summary>
    public SimRandom Fork(ulong purpose) => new(new SimRandom(_state ^ (purpose * 0xD6E8FEB86659FD93)).Next());
}
