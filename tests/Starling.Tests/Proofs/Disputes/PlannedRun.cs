using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Proofs.Disputes;
using Starling.Protocol.Transactions;
using Starling.Tests.Programs.Jobs;
using Starling.Tests.Programs.Plans;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>A small job that ran honestly, with the specification of every task: what disputes are played about.</summary>
internal sealed class PlannedRun
{
    /// <summary>Bytes of text: its tree is eight levels deep, and reading it takes no noticeable part of a replay.</summary>
    private const int TextBytes = 1 << 16;

    private static readonly Lazy<PlannedRun> s_text = new(() => new PlannedRun(JobTexts.Tiny(TextBytes)));
    private static readonly Lazy<PlannedRun> s_accumulated = new(() => new PlannedRun(JobTexts.Tiny(
        TextBytes, yaml => yaml
            .Replace("max_steps: 10", "max_steps: 8")
            .Replace("batch_size: 2", "batch_size: 1\n  gradient_accumulation_steps: 3"))));

    private readonly Dictionary<string, TaskSpec> _specs = [];

    private PlannedRun((JobSpec Spec, byte[] Text) job)
    {
        Run = new LocalRun(job.Spec, job.Text, new ScalarBackend());
        var end = Run.Run(tasks =>
        {
            _specs[tasks[0].Node] = tasks[0].Spec;
            return tasks[0];
        });
        Assert.IsType<PlanEnd.Completed>(end);
    }

    public static PlannedRun Text => s_text.Value;

    /// <summary>The same job with three micro-batches per step.</summary>
    public static PlannedRun Accumulated => s_accumulated.Value;

    public LocalRun Run { get; }

    public TaskSpec this[string node] => _specs[node];

    public ReplayedSide Side(string node, IBackend? backend = null) => Side(_specs[node], backend);

    public ReplayedSide Side(TaskSpec spec, IBackend? backend = null)
    {
        var side = ReplayedSide.Open(spec, Read, backend ?? new ScalarBackend(), out var problem);
        Assert.True(side is not null, problem);
        return side;
    }

    public ResultClaim Claim(TaskSpec spec, IBackend? backend = null)
    {
        var run = TaskPrograms.Execute(spec, Run.InputsOf(spec), new TaskContext(backend ?? new ScalarBackend()));
        return ((TaskOutcome.Completed)run.Outcome).Claim;
    }

    public byte[]? Read(Starling.Protocol.Hashing.Hash256 content)
    {
        try
        {
            return Run[content];
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }
}
