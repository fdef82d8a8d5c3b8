using Starling.Arithmetic.Catalogue;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Equality;

/// <summary>The tiny job, task by task and without a network: the roots that a ledger would hold of each result.</summary>
internal static class JobLines
{
    public static IEnumerable<Line> All(IBackend backend)
    {
        var dataset = Sample.Text(5000);
        var spec = Job().Pin(dataset).Spec ?? throw new InvalidOperationException("the tiny job does not fit the sample");
        var plan = Plan.Create(spec);
        var blobs = new Dictionary<Hash256, byte[]> { [ContentId.Of(dataset).Hash] = dataset };
        var results = new Dictionary<string, TaskResult>();
        while (plan.Next(default, results) is { End: null, Tasks: [var task, ..] })
        {
            var inputs = Array.ConvertAll(task.Spec.Inputs, input => (ReadOnlyMemory<byte>)blobs[input]);
            var run = TaskPrograms.Execute(task.Spec, inputs, new TaskContext(backend));
            var claim = ((TaskOutcome.Completed)run.Outcome).Claim;
            foreach (var output in run.Outputs)
                blobs[ContentId.Of(output).Hash] = output;
            results[task.Node] = new TaskResult(task.Id, claim);
            yield return new Line($"task {task.Node}", claim.Root().ToString());
        }
    }

    private static JobParse Job()
    {
        using var stream = typeof(JobLines).Assembly.GetManifestResourceStream("tiny.yaml")!;
        using var reader = new StreamReader(stream);
        return JobFile.Parse(reader.ReadToEnd().Replace("test_size: 0.001", "test_size: 0.02", StringComparison.Ordinal), "tiny.yaml");
    }
}
