namespace Starling.Programs.Plans;

/// <summary>What a job costs in work units, exactly, before anything runs.</summary>
/// <param name="Work">Work of all tasks.</param>
/// <param name="Tasks">Number of tasks.</param>
/// <param name="SteeringWork">The part of <paramref name="Work"/> that every auditor recomputes.</param>
/// <param name="MemoryMiB">What a provider must have for the largest task.</param>
/// <param name="Lines">The tasks by kind, in the plan's order.</param>
public sealed record PlanQuote(
    ulong Work, int Tasks, ulong SteeringWork, int MemoryMiB, IReadOnlyList<PlanQuoteLine> Lines);

/// <summary>All tasks of one kind.</summary>
public sealed record PlanQuoteLine(string Kind, int Tasks, ulong LeastWork, ulong MostWork, ulong Work, bool Steering);
