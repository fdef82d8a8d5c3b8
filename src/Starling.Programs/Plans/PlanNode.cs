using Starling.Protocol.Hashing;

namespace Starling.Programs.Plans;

/// <summary>
/// A place in a plan, fixed by the job alone: what runs there, on whose outputs, for how much work. Only the content of
/// its inputs follows from results.
/// </summary>
/// <param name="Name">Unique in the plan, for example <c>inner/3/1</c>.</param>
/// <param name="Kind">What it is a case of, for example <c>inner</c>: the lines of a quote.</param>
/// <param name="Parents">Nodes whose results its task id follows from, in this order.</param>
/// <param name="Program">Name of the program.</param>
/// <param name="Parameters">The program's encoded parameters.</param>
/// <param name="Inputs">Where each input comes from, in the program's order.</param>
/// <param name="Outputs">How many outputs a result has. A result with only one of several is a fault, the one its metrics.</param>
/// <param name="Work">Work units.</param>
/// <param name="Graph">Hash of the task's blueprint: what a referee needs to know of it; zero where the auditors decide.</param>
/// <param name="Steering">Whether the result steers all that comes after it, so that every auditor recomputes it.</param>
/// <param name="Steps">Optimiser steps that it takes.</param>
public sealed record PlanNode(
    string Name,
    string Kind,
    IReadOnlyList<string> Parents,
    string Program,
    byte[] Parameters,
    IReadOnlyList<PlanInput> Inputs,
    int Outputs,
    ulong Work,
    Hash256 Graph,
    bool Steering,
    int Steps)
{
    /// <summary>Position of its metrics among the outputs; -1 for none.</summary>
    public int MetricsOutput { get; init; } = -1;
}

/// <summary>An input: an output of a node, or content that the job itself pins.</summary>
/// <param name="Node">The node; null for pinned content.</param>
/// <param name="Output">Which of its outputs.</param>
/// <param name="Content">The pinned content.</param>
public readonly record struct PlanInput(string? Node, int Output, Hash256 Content)
{
    public static PlanInput Of(string node, int output) => new(node, output, default);

    public static PlanInput Pinned(Hash256 content) => new(null, 0, content);
}
