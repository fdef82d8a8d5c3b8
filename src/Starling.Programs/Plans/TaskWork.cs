using Starling.Arithmetic.Catalogue;

namespace Starling.Programs.Plans;

/// <summary>Work of a task in units: what its graphs cost, the bytes it reads and those it commits to.</summary>
internal static class TaskWork
{
    /// <summary>What any task costs at least: fetching, starting and committing it.</summary>
    public const ulong Minimum = 1_000;

    public static ulong Of(WorkVector graphs, long inputBytes, long committedBytes) => Math.Max(
        (ulong)(graphs + new WorkVector(0, 0, 0, 0, inputBytes, committedBytes)).Units, Minimum);

    /// <summary>A pass over bytes without a graph: parsing, formatting.</summary>
    public static WorkVector Pass(long bytes) => new(0, bytes, 0, 1);
}
