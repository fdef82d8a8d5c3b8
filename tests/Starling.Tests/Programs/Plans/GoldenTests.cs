using Starling.Compute.Kernels;
using Starling.Programs.Plans;
using Starling.Protocol.Hashing;
using Starling.Tests.Architecture;
using Starling.Tests.Programs.Jobs;
using Xunit;

namespace Starling.Tests.Programs.Plans;

/// <summary>
/// Encodings and results that others hold for ever: whoever changes one of these breaks every job that is under way.
/// The same on every machine, with and without vector instructions.
/// </summary>
public sealed class GoldenTests
{
    [Fact]
    public void The_specification_of_a_job_keeps_its_bytes() => Check(
        "tiny-spec", JobTexts.PinExample("tiny.yaml").Id);

    [Fact]
    public void The_tasks_of_a_plan_keep_their_parameters_and_graphs()
    {
        var nodes = Plan.Create(JobTexts.PinExample("tiny.yaml")).Nodes;
        var all = nodes.SelectMany(n => n.Parameters.Concat(n.Graph.ToArray()).Concat(BitConverter.GetBytes(n.Work)));
        Check("tiny-plan", ContentId.Of([.. all]));
    }

    [Fact]
    public void A_run_keeps_its_model()
    {
        var (spec, text) = JobTexts.Tiny();
        LocalRun run = new(spec, text, VectorBackend.Best());
        var end = Assert.IsType<PlanEnd.Completed>(run.Run(tasks => tasks[^1]));
        var weights = run.Plan.OutcomeFiles.ToList().IndexOf("model.safetensors");
        Check("tiny-model", new ContentId(end.Result.Claim.Outputs[weights]));
        var roots = run.Results.OrderBy(r => r.Key, StringComparer.Ordinal).SelectMany(r => r.Value.Claim.Root().ToArray());
        Check("tiny-results", ContentId.Of([.. roots]));
    }

    private static void Check(string name, ContentId actual)
    {
        var path = Path.Combine(Repository.Root, "tests", "vectors", "programs", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("STARLING_WRITE_SNAPSHOTS") == "1")
            File.WriteAllText(path, $"{actual}\n");
        Assert.Equal(File.ReadAllText(path).TrimEnd(), actual.ToString());
    }
}
