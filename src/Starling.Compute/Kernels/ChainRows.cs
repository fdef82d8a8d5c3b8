using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>
/// Rows of chains over query rows that are met in ascending order: the open block's sums, and the totals of the blocks
/// before. Row j belongs to a key that is seen from query row j on.
/// </summary>
internal readonly unsafe struct ChainRows(float* memory, long floats)
{
    public const int Depth = 256;

    /// <summary>Sums of the open block.</summary>
    public float* Open { get; } = memory;

    public float* Totals { get; } = memory + floats;

    public static long Floats(long floats) => 2 * floats;

    /// <summary>Starts the block of query rows from <paramref name="from"/> on: the sums of all keys it sees, at +0.</summary>
    public void Start(int keys, int size) => new Span<float>(Open, keys * size).Clear();

    /// <summary>Ends that block: it sets the totals of the keys that it is the first to see and adds to the others.</summary>
    public void End<L, V>(int from, int keys, int size)
        where L : struct, ILanes<V>
        where V : struct
    {
        long known = (long)from * size;
        Map.Within<L, V, AddMap>(new(Totals, Open), Totals, known);
        new Span<float>(Open + known, (keys - from) * size).CopyTo(new Span<float>(Totals + known, (keys - from) * size));
    }
}
