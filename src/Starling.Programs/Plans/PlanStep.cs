using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Programs.Plans;

/// <summary>A committed result: the id of the task that gave it, what it gave, and which of a quorum it is.</summary>
public sealed record TaskResult(TaskId Task, ResultClaim Claim, int Replica = 0);

/// <summary>A task that may be issued now.</summary>
/// <param name="Node">Its place in the plan.</param>
/// <param name="Id">Its id, which follows from the job, the node and the parents' results.</param>
/// <param name="Parents">Nodes of the parents.</param>
/// <param name="ParentTasks">Their task ids, in the same order.</param>
/// <param name="Spec">What to run; its content id goes into the issue.</param>
/// <param name="Work">Work units.</param>
/// <param name="Graph">Hash of the task's blueprint: what a referee needs to know of it; zero where the auditors decide.</param>
/// <param name="Steering">Whether every auditor recomputes it.</param>
public sealed record PlannedTask(
    string Node,
    TaskId Id,
    IReadOnlyList<string> Parents,
    IReadOnlyList<TaskId> ParentTasks,
    TaskSpec Spec,
    ulong Work,
    Hash256 Graph,
    bool Steering)
{
    /// <summary>Roots of the parents' results, which the id follows from.</summary>
    public required Hash256[] ParentRoots { get; init; }

    /// <summary>The id of one task of a quorum that does this node; 0 is the node's own.</summary>
    public TaskId IdOf(JobId job, int replica) => Derived.TaskId(job, ReplicaName.Of(Node, replica), ParentRoots);
}

/// <summary>What a plan asks for next.</summary>
/// <param name="Tasks">Tasks without a result whose parents have theirs, most urgent first.</param>
/// <param name="Current">Nodes whose result stands: its task id still follows from its parents' results.</param>
/// <param name="End">How the plan ended; null while it has not.</param>
public sealed record PlanStep(IReadOnlyList<PlannedTask> Tasks, IReadOnlyCollection<string> Current, PlanEnd? End);

/// <summary>How a plan ended.</summary>
public abstract record PlanEnd
{
    private PlanEnd()
    {
    }

    /// <summary>Every node has its result; <paramref name="Result"/> is the last task, which names the job's outcome.</summary>
    public sealed record Completed(TaskResult Result) : PlanEnd;

    /// <summary>
    /// A node's result is a fault: nothing can follow. Its one output is metrics that say why. It is a claim like any
    /// other: end the job on it only once it is final, or a liar could end jobs.
    /// </summary>
    public sealed record Faulted(string Node, TaskResult Result) : PlanEnd;
}
