using Starling.Protocol.Merkle;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Neighbouring chunks as ranges: the form in which openings are made and checked.</summary>
public static class ChunkRanges
{
    /// <param name="chunks">Ascending.</param>
    /// <param name="offset">Added to each.</param>
    public static ChunkRange[] Of(ReadOnlySpan<long> chunks, long offset)
    {
        var ranges = new List<ChunkRange>();
        foreach (var chunk in chunks)
        {
            if (ranges.Count > 0 && ranges[^1].First + ranges[^1].Count == chunk + offset)
                ranges[^1] = ranges[^1] with { Count = ranges[^1].Count + 1 };
            else
                ranges.Add(new ChunkRange(chunk + offset, 1));
        }

        return [.. ranges];
    }
}
