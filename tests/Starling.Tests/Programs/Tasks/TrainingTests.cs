using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Programs.Generation;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Tests.Programs.Jobs;
using Starling.Tests.Programs.Plans;
using Xunit;

namespace Starling.Tests.Programs.Tasks;

public sealed class TrainingTests
{
    [Fact]
    public void The_final_model_depends_on_neither_order_nor_back_end()
    {
        var reference = RunTiny(new ScalarBackend(), tasks => tasks[0]);
        var vector = RunTiny(VectorBackend.Best(), tasks => tasks[^1]);
        Assert.Equal(reference.Results.OrderBy(r => r.Key), vector.Results.OrderBy(r => r.Key));
    }

    [Fact]
    public void The_tiny_job_learns()
    {
        var run = Run("tiny.yaml", VectorBackend.Best(), tasks => tasks[0]);
        var losses = run.Plan.Evaluations.Select(node => run.MetricsOf(node).HeldOutLoss!.Value).ToArray();
        Assert.Equal(3, losses.Length);
        Assert.All(losses, loss => Assert.InRange(loss, 1, 5.6f));
        Assert.True(losses[^1] < losses[0], string.Join(" ", losses));
    }

    [Fact]
    public void The_table_is_learned()
    {
        var run = Run("table.yaml", VectorBackend.Best(), tasks => tasks[0]);
        var last = run.MetricsOf(run.Plan.Evaluations[^1]);
        Assert.Equal(113, last.Records);
        Assert.InRange(last.Accuracy!.Value, 0.95f, 1);
        Assert.Equal(["config.json", "model.safetensors", "preprocessing.json"], run.Plan.OutcomeFiles);
    }

    [Fact]
    public void An_exported_model_loads_and_writes_text()
    {
        var run = RunTiny(VectorBackend.Best(), tasks => tasks[0]);
        var outputs = run.Results["export"].Claim.Outputs;
        Assert.Equal(run.Plan.OutcomeFiles.Count, outputs.Length);
        using var model = TextModel.Load(run[outputs[0]], run[outputs[1]], new ScalarBackend(), out var problem);
        Assert.True(model is not null, problem);
        List<byte> text = [], again = [];
        GenerationSettings settings = new() { MaxNewTokens = 20, Temperature = 0.8f, Seed = 1 };
        Assert.Equal(GenerationStop.MaxNewTokens, model.Generate("KING"u8, settings, text.Add));
        model.Generate("KING"u8, settings, again.Add);
        Assert.Equal(20, text.Count);
        Assert.Equal(text, again);
        Assert.Null(TextModel.Load("{}"u8.ToArray(), run[outputs[1]], new ScalarBackend(), out problem));
        Assert.StartsWith("config.json", problem, StringComparison.Ordinal);
        Assert.Null(TextModel.Load(run[outputs[0]], run[outputs[1]].AsMemory(0, 1000), new ScalarBackend(), out problem));
        Assert.StartsWith("model.safetensors", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_diverges_stops_the_plan_with_the_step()
    {
        var (spec, text) = JobTexts.Tiny();
        LocalRun run = new(spec, text, new DivergingBackend());
        var end = Assert.IsType<PlanEnd.Faulted>(run.Run(tasks => tasks[0]));
        Assert.Equal("inner/0/0", end.Node);
        var metrics = Starling.Programs.Tasks.TaskMetrics.Decode(run[Assert.Single(end.Result.Claim.Outputs)]);
        Assert.Equal("step 3 is not finite", metrics.Fault);
        Assert.Equal(3, metrics.Losses.Length);
        Assert.Equal(2, end.Result.Claim.TraceLength);
    }

    private static LocalRun RunTiny(IBackend backend, Func<IReadOnlyList<PlannedTask>, PlannedTask> pick)
    {
        var (spec, text) = JobTexts.Tiny();
        LocalRun run = new(spec, text, backend);
        Assert.IsType<PlanEnd.Completed>(run.Run(pick));
        return run;
    }

    private static LocalRun Run(string file, IBackend backend, Func<IReadOnlyList<PlannedTask>, PlannedTask> pick)
    {
        var spec = JobTexts.PinExample(file);
        LocalRun run = new(spec, JobTexts.Dataset(spec.Train), backend);
        Assert.IsType<PlanEnd.Completed>(run.Run(pick));
        return run;
    }

    /// <summary>A back end whose third loss is not a number.</summary>
    private sealed class DivergingBackend : IBackend
    {
        private readonly ScalarBackend _inner = new();
        private int _losses;

        public string Name => "diverging";

        public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
        {
            _inner.Run(op, inputs, output);
            if (op.Kind == OperatorKind.CrossEntropy && ++_losses == 3)
                output.Span[0] = float.NaN;
        }
    }
}
