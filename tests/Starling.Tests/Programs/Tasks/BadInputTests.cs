using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Tests.Programs.Jobs;
using Starling.Tests.Programs.Plans;
using Xunit;

namespace Starling.Tests.Programs.Tasks;

public sealed class BadInputTests
{
    private static readonly LocalRun s_run = Finish();

    [Theory]
    [InlineData("inner/1/0", 0, "checkpoint")]
    [InlineData("inner/1/0", 1, "data")]
    [InlineData("inner/1/0", 2, "moments")]
    [InlineData("merge/1", 1, "velocity")]
    [InlineData("merge/1", 3, "worker 1")]
    [InlineData("evaluate/2", 0, "parameters")]
    [InlineData("evaluate/2", 1, "held-out data")]
    [InlineData("export", 0, "parameters")]
    public void Every_input_is_checked_and_named(string node, int input, string name)
    {
        var spec = SpecOf(node);
        foreach (var (change, wrong) in Changes())
        {
            var inputs = s_run.InputsOf(spec);
            inputs[input] = change(inputs[input].ToArray());
            var refused = Assert.IsType<TaskOutcome.Refused>(
                TaskPrograms.Execute(spec, inputs, new TaskContext(new ScalarBackend())).Outcome);
            Assert.StartsWith($"{spec.Program}: input {input} ({name}): ", refused.Reason, StringComparison.Ordinal);
            Assert.Contains(wrong, refused.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_refused()
    {
        var spec = SpecOf("inner/0/0");
        var inputs = s_run.InputsOf(spec);
        var bytes = inputs[1].ToArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(40), 256f);
        inputs[1] = bytes;
        var run = TaskPrograms.Execute(spec, inputs, new TaskContext(new ScalarBackend()));
        Assert.Equal(
            "inner: input 1 (data): token 10 is none of the vocabulary", Assert.IsType<TaskOutcome.Refused>(run.Outcome).Reason);
    }

    [Fact]
    public void Unknown_programs_and_broken_parameters_are_told_apart()
    {
        var spec = SpecOf("initial");
        TaskContext context = new(new ScalarBackend());
        Assert.IsType<TaskOutcome.Failed>(TaskPrograms.Execute(spec with { Program = "mine" }, [], context).Outcome);
        Assert.IsType<TaskOutcome.Failed>(TaskPrograms.Execute(spec with { ArithmeticVersion = 2 }, [], context).Outcome);
        Assert.IsType<TaskOutcome.Refused>(TaskPrograms.Execute(spec with { Parameters = [1, 2] }, [], context).Outcome);
        Assert.IsType<TaskOutcome.Refused>(
            TaskPrograms.Execute(SpecOf("inner/0/0") with { Inputs = [] }, [], context).Outcome);
    }

    [Fact]
    public void A_cancelled_run_fails_on_this_machine_only()
    {
        var spec = SpecOf("inner/0/0");
        var run = TaskPrograms.Execute(
            spec, s_run.InputsOf(spec), new TaskContext(new ScalarBackend(), null, new CancellationToken(canceled: true)));
        Assert.IsType<TaskOutcome.Failed>(run.Outcome);
        Assert.Empty(run.Outputs);
    }

    [Fact]
    public void Progress_tells_every_step()
    {
        var spec = SpecOf("inner/1/0");
        List<TaskProgress> seen = [];
        TaskPrograms.Execute(spec, s_run.InputsOf(spec), new TaskContext(new ScalarBackend(), seen.Add));
        Assert.Equal([1, 2, 3, 4], seen.Select(p => p.Step));
        Assert.All(seen, p => Assert.Equal(4, p.Steps));
    }

    private static IEnumerable<(Func<byte[], byte[]> Change, string Wrong)> Changes()
    {
        yield return (bytes => bytes[..^1024], "bytes");
        yield return (bytes => [.. bytes, .. new byte[1024]], "bytes");
        yield return (bytes => [], "bytes");
        yield return (
            bytes =>
            {
                bytes[^1] = 1;
                return bytes;
            },
            "padding");
        yield return (
            bytes =>
            {
                BitConverter.TryWriteBytes(bytes, float.NaN);
                return bytes;
            },
            "NaN");
    }

    private static TaskSpec SpecOf(string node)
    {
        Dictionary<string, TaskResult> results = new(s_run.Results);
        results.Remove(node);
        return s_run.Plan.Next(s_run.Job, results).Tasks.Single(t => t.Node == node).Spec;
    }

    private static LocalRun Finish()
    {
        var (spec, text) = JobTexts.Tiny();
        LocalRun run = new(spec, text, VectorBackend.Best());
        run.Run(tasks => tasks[0]);
        return run;
    }
}
