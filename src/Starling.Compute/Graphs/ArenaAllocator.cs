namespace Starling.Compute.Graphs;

/// <summary>Best-fit offsets in an arena that grows at its end; free neighbours merge.</summary>
internal sealed class ArenaAllocator
{
    private readonly SortedList<long, long> free = [];

    /// <summary>Bytes that the arena needs for everything allocated so far.</summary>
    public long HighWater { get; private set; }

    public long Allocate(long bytes)
    {
        int best = -1;
        for (int i = 0; i < free.Count; i++)
            if (free.Values[i] >= bytes && (best < 0 || free.Values[i] < free.Values[best]))
                best = i;
        if (best < 0)
            return Grow(bytes);

        (long offset, long size) = (free.Keys[best], free.Values[best]);
        free.RemoveAt(best);
        if (size > bytes)
            free.Add(offset + bytes, size - bytes);
        return offset;
    }

    public void Free(long offset, long bytes)
    {
        free.Add(offset, bytes);
        int index = free.IndexOfKey(offset);
        if (index + 1 < free.Count && offset + bytes == free.Keys[index + 1])
        {
            free[offset] = bytes + free.Values[index + 1];
            free.RemoveAt(index + 1);
        }

        if (index > 0 && free.Keys[index - 1] + free.Values[index - 1] == offset)
        {
            free[free.Keys[index - 1]] = free.Values[index - 1] + free[offset];
            free.RemoveAt(index);
        }
    }

    private long Grow(long bytes)
    {
        int last = free.Count - 1;
        bool endsFree = last >= 0 && free.Keys[last] + free.Values[last] == HighWater;
        long offset = endsFree ? free.Keys[last] : HighWater;
        if (endsFree)
            free.RemoveAt(last);
        HighWater = checked(offset + bytes);
        return offset;
    }
}
