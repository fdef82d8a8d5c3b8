namespace Starling.Tests.Protocol.Merkle;

internal static class Places
{
    /// <summary>
    /// Every (count, index) that shares its count or its index with the true one; for short lists every pair at all.
    /// </summary>
    public static IEnumerable<(int Count, int Index)> Around(int count, int index, int most) =>
        from otherCount in Enumerable.Range(0, most + 1)
        from otherIndex in Enumerable.Range(-1, otherCount + 2)
        where otherCount == count || otherIndex == index || (count <= 9 && otherCount <= 17)
        select (otherCount, otherIndex);
}
