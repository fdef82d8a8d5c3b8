using Starling.Protocol;

namespace Starling.Programs.Plans;

/// <summary>
/// The pure function (job, results so far) -> next tasks. Everyone who holds the job's specification computes the same
/// answer, so nobody has to be trusted to coordinate.
/// </summary>
public interface IPlan
{
    /// <summary>Every node, parents before children.</summary>
    IReadOnlyList<PlanNode> Nodes { get; }

    /// <summary>Optimiser steps of all workers together.</summary>
    long TotalSteps { get; }

    /// <summary>Names of the outcome's outputs, in order: files of the job's output folder.</summary>
    IReadOnlyList<string> OutcomeFiles { get; }

    /// <summary>The nodes that measure held-out data, in order; the last one measures the outcome.</summary>
    IReadOnlyList<PlanNode> Evaluations { get; }

    /// <summary>
    /// What to issue, given the results that stand on the ledger by node. A result whose parents were replaced after it
    /// no longer counts: its node is asked for again under its new id. Order and history of the results do not matter.
    /// </summary>
    PlanStep Next(JobId job, IReadOnlyDictionary<string, TaskResult> results);

    /// <summary>Where the plan stands in a few words, for example <c>round 3 of 8</c>.</summary>
    string Stage(PlanStep step);

    /// <summary>What the job costs in work, before anything runs.</summary>
    PlanQuote Quote();
}
