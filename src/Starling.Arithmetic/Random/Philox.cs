using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Random;

/// <summary>
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) as a pure function of
/// (seed, purpose, step, index): no state, so any draw can be recomputed alone. The key is the seed (low word first);
/// counter words 0 and 1 are the block number, word 2 the step, word 3 the purpose.
/// </summary>
public readonly record struct Philox(ulong Seed, uint Purpose, uint Step)
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Draw number <paramref name="index"/>: word index mod 4 of block index / 4.</summary>
    public uint UInt32(ulong index)
    {
        var block = Block(index >> 2);
        return (index & 3) switch { 0 => block.W0, 1 => block.W1, 2 => block.W2, _ => block.W3 };
    }

    /// <summary>The high 24 bits of the draw, times 2^-24: in [0, 1).</summary>
    public float Uniform(ulong index) => (UInt32(index) >> 8) * (1f / 16777216f);

    /// <summary>floor(draw * bound / 2^32): in [0, bound), biased by at most bound / 2^32.</summary>
    public uint Below(ulong index, uint bound) => (uint)(((ulong)UInt32(index) * bound) >> 32);

    /// <summary>
    /// Standard normal number <paramref name="index"/> by Box-Muller from draws 2p and 2p + 1 of pair p = index / 2:
    /// the cosine branch for an even index, the sine branch for an odd one.
    /// </summary>
    public float Normal(ulong index) => Normal<Lanes1>(index);

    /// <summary>As <see cref="Normal(ulong)"/>, on lanes of one number.</summary>
    internal float Normal<L>(ulong index)
        where L : struct, ILanes<float>
    {
        ulong pair = index >> 1;
        var block = Block(pair >> 1);
        var (first, second) = (pair & 1) == 0 ? (block.W0, block.W1) : (block.W2, block.W3);
        float unit = 1f / 16777216f, a = L.BitsToFloat(L.BroadcastBits((int)(first >> 8) + 1));
        float radius = L.Sqrt(L.Multiply(-2f, Logarithm.Log<L, float>(L.Multiply(a, unit))));
        float angle = L.Multiply(L.Multiply(L.BitsToFloat(L.BroadcastBits((int)(second >> 8))), unit), 6.28318530717958648f);
        return L.Multiply(
            radius, (index & 1) == 0 ? Trigonometry.Cos<L, float>(angle) : Trigonometry.Sin<L, float>(angle));
    }

    /// <summary>Four draws at once: those of indices 4 * number to 4 * number + 3.</summary>
    public (uint W0, uint W1, uint W2, uint W3) Block(ulong number) =>
        Generate((uint)number, (uint)(number >> 32), Step, Purpose, (uint)Seed, (uint)(Seed >> 32));

    internal static (uint W0, uint W1, uint W2, uint W3) Generate(
        uint c0, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0, p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ key0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ key1, (uint)p0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }
}
