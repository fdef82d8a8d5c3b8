using Starling.Programs.Tasks;

namespace Starling.Node.Plans;

/// <summary>Whether an issued task is what its job's plan asks for.</summary>
internal abstract record PlanCheck
{
    private PlanCheck()
    {
    }

    /// <summary>The plan is not here yet, or waits for results that are not here.</summary>
    public sealed record Unknown : PlanCheck;

    public sealed record OnPlan(TaskSpec Spec) : PlanCheck;

    /// <summary>Whoever coordinates made this up; nobody needs to run it.</summary>
    public sealed record OffPlan(string Reason) : PlanCheck;
}
