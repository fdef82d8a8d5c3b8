namespace Starling.Ledger.Disputes.Play;

/// <summary>The chunks under the node of a value's hash tree that some choices lead to.</summary>
public readonly record struct ChunkSpan(long First, long Count)
{
    /// <summary>Follows choices down from the root of a tree over <paramref name="chunks"/> chunks; null if one leads nowhere.</summary>
    public static ChunkSpan? Follow(long chunks, ReadOnlySpan<int> path)
    {
        var span = new ChunkSpan(0, chunks);
        foreach (var index in path)
        {
            if (index < 0 || index >= HashNodes.ListLength(span.Count))
                return null;
            var group = HashNodes.GroupOf(span.Count);
            span = new ChunkSpan(span.First + (index * group), Math.Min(group, span.Count - (index * group)));
        }

        return span;
    }
}
