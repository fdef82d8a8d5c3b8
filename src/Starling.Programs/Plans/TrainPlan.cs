using Starling.Programs.Jobs;
using Starling.Programs.Tasks.Training;

namespace Starling.Programs.Plans;

/// <summary>
/// Training by DiLoCo: each round, K workers take H AdamW steps from one checkpoint, each on its own part of the data
/// and with moments of its own; a merge averages their updates and takes an outer Nesterov step. Text and tables differ
/// only in how data is prepared and measured.
/// </summary>
internal sealed class TrainPlan : Plan
{
    private readonly TrainJob _job;

    public TrainPlan(JobSpec spec)
        : base(
            new TrainPlanBuilder(spec).Build(),
            spec.Job.Resources.MemoryMiB ?? JobMemory.NeedMiB(spec.Train, spec.Dataset.Records))
    {
        _job = spec.Train;
        OutcomeFiles = ExportProgram.FileNames(spec.Train.Model);
        Evaluations = [.. Nodes.Where(node => node.Kind == TrainNodes.Evaluate)];
    }

    public override IReadOnlyList<string> OutcomeFiles { get; }

    public override IReadOnlyList<PlanNode> Evaluations { get; }

    public override string Stage(PlanStep step)
    {
        var merged = step.Current.Count(name => name.StartsWith(TrainNodes.Merge, StringComparison.Ordinal));
        return step.End switch
        {
            PlanEnd.Faulted fault => $"stopped at {fault.Node}",
            PlanEnd.Completed => "done",
            _ when !step.Current.Contains(TrainNodes.Initial) => "preparing",
            _ when merged == _job.Rounds => "measuring and exporting",
            _ => $"round {merged + 1} of {_job.Rounds}",
        };
    }
}
