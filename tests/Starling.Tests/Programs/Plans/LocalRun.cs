using Starling.Arithmetic.Catalogue;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Tests.Programs.Plans;

/// <summary>Runs a plan in this process, tasks in any order the caller picks.</summary>
internal sealed class LocalRun
{
    private readonly IBackend _backend;
    private readonly Dictionary<Hash256, byte[]> _blobs = [];

    public LocalRun(JobSpec spec, byte[] dataset, IBackend backend, byte[]? init = null)
    {
        (Plan, _backend) = (Starling.Programs.Plans.Plan.Create(spec), backend);
        Put(dataset);
        if (init is not null)
            Put(init);
    }

    public IPlan Plan { get; }

    public JobId Job { get; } = new(Blake3.Hash("a job"u8));

    public Dictionary<string, TaskResult> Results { get; } = [];

    public byte[] this[Hash256 content] => _blobs[content];

    /// <summary>Runs to the end; <paramref name="pick"/> chooses among the tasks that may be issued.</summary>
    public PlanEnd Run(Func<IReadOnlyList<PlannedTask>, PlannedTask> pick)
    {
        while (true)
        {
            var step = Plan.Next(Job, Results);
            if (step.End is { } end)
                return end;
            var task = pick(step.Tasks);
            Results[task.Node] = new TaskResult(task.Id, Execute(task.Spec).Claim);
        }
    }

    public TaskOutcome.Completed Execute(TaskSpec spec)
    {
        var run = TaskPrograms.Execute(
            spec, [.. spec.Inputs.Select(input => (ReadOnlyMemory<byte>)_blobs[input])], new TaskContext(_backend));
        foreach (var output in run.Outputs)
            Put(output);
        return run.Outcome as TaskOutcome.Completed ?? throw new InvalidOperationException(run.Outcome.ToString());
    }

    public ReadOnlyMemory<byte>[] InputsOf(TaskSpec spec) => [.. spec.Inputs.Select(i => (ReadOnlyMemory<byte>)_blobs[i])];

    /// <summary>The metrics of a node that has its result.</summary>
    public TaskMetrics MetricsOf(PlanNode node) =>
        TaskMetrics.Decode(_blobs[Results[node.Name].Claim.Outputs[node.MetricsOutput]]);

    private void Put(byte[] blob) => _blobs[ContentId.Of(blob).Hash] = blob;
}
