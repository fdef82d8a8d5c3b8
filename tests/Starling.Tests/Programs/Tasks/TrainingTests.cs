using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
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
        ModelFile[] files = [.. run.Plan.OutcomeFiles.Zip(outputs, (name, id) => new ModelFile(name, run[id]))];
        using var model = TextModel.Load(new MemoryFolder(files), new ScalarBackend(), out var problem);
        Assert.True(model is not null, problem);
        List<string> text = [], again = [];
        GenerationSettings settings = new() { MaxNewTokens = 20, Temperature = 0.8f, Seed = 1 };
        Assert.Equal(GenerationStop.MaxNewTokens, model.Generate("KING", settings, text.Add));
        model.Generate("KING", settings, again.Add);
        Assert.InRange(string.Concat(text).Length, 1, 20);
        Assert.Equal(text, again);
        foreach (var file in files.Where(file => file.Name is "config.json" or "model.safetensors" or "tokenizer.json"))
        {
            var cut = files.Select(f => f == file ? f with { Content = f.Content[..^40] } : f);
            Assert.Null(TextModel.Load(new MemoryFolder(cut), new ScalarBackend(), out problem));
            Assert.StartsWith(file.Name, problem, StringComparison.Ordinal);
        }
    }

    /// <summary>Every kind of text model that a job can train comes back from its export with the same weights.</summary>
    [Theory]
    [InlineData("gpt2, n_embd: 16, n_layer: 1, n_head: 2, n_positions: 64")]
    [InlineData("qwen2, hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, max_position_embeddings: 64")]
    [InlineData("llama, hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, max_position_embeddings: 64, "
        + "attention_bias: true, tie_word_embeddings: true, rope_scaling: {rope_type: linear, factor: 2}")]
    public void A_model_of_each_kind_is_trained_and_exported(string model)
    {
        var yaml = JobTexts.Example("tiny.yaml").Replace("test_size: 0.001", "test_size: 0.02");
        var start = yaml.IndexOf("model_type: ", StringComparison.Ordinal) + 12;
        yaml = yaml[..start] + model + yaml[yaml.IndexOf('}', start)..];
        var parse = JobFile.Parse(yaml, "tiny.yaml");
        Assert.True(parse.IsValid, string.Join("\n", parse.Errors.Select(e => e.Describe("tiny.yaml"))));
        Assert.True(JobFile.Parse(parse.Job!.Expand(), "tiny.yaml").IsValid);
        var text = JobTexts.Dataset((TrainJob)parse.Job.Work)[..4096];
        LocalRun run = new(parse.Pin(text).Spec!, text, VectorBackend.Best());
        Assert.IsType<PlanEnd.Completed>(run.Run(tasks => tasks[0]));
        var outputs = run.Results["export"].Claim.Outputs;
        var files = run.Plan.OutcomeFiles.Zip(outputs, (name, id) => new ModelFile(name, run[id]));
        using var loaded = HuggingFaceFolder.Read(new MemoryFolder(files), out var problem);
        Assert.True(loaded is not null, problem?.ToString());
        Assert.Equal(run[run.Plan.OutcomeFiles.Zip(outputs).First(f => f.First == "model.safetensors").Second],
            Checkpoint.Write(loaded.Config, loaded.Parameters));
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
        Assert.Equal(3, end.Result.Claim.Fault);
        Assert.Equal(3, end.Result.Claim.TraceLength);
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
