using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Models;
using Starling.Programs.Answers;
using Starling.Programs.Blueprints;
using Starling.Programs.Jobs;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;
using Xunit;

namespace Starling.Tests.Programs.Jobs;

/// <summary>Work that no dispute could decide about is refused before anyone does it.</summary>
public class DecidableTests
{
    /// <summary>One head of more than 16,384 columns.</summary>
    private const string Wide = "{model_type: gpt2, n_embd: 16640, n_layer: 1, n_head: 1, n_positions: 16}";

    [Fact]
    public void A_job_is_refused_when_it_is_read()
    {
        var parse = JobFile.Parse(
            $"version: 1\ntrain:\n  model: {Wide}\n  dataset: text.txt\n  max_steps: 2\n  max_length: 8\n", "job.yaml");
        Assert.Null(parse.Job);
        var error = Assert.Single(parse.Errors, e => e.Message.Contains("referee", StringComparison.Ordinal));
        Assert.Equal("train.model", error.Path);
        Assert.Contains("16640", error.Fix, StringComparison.Ordinal);
        Assert.Contains("n_head", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_of_a_task_are_refused_when_they_are_read()
    {
        var bytes = RecordCodec.Encode(new InitialParameters(Model(16_640), 1));
        var e = Assert.Throws<DecodeException>(() => TaskBlueprints.HashOf("initial", bytes));
        Assert.Contains("n_head", e.Message, StringComparison.Ordinal);
        Assert.NotEqual(default, TaskBlueprints.HashOf("initial", RecordCodec.Encode(new InitialParameters(Model(64), 1))));
    }

    [Fact]
    public void An_endpoint_gets_no_blueprint()
    {
        var e = Assert.Throws<ShapeException>(() => AnswerBlueprint.Of(Model(16_640), 16));
        Assert.Equal(OperatorKind.Attention, e.Kind);
        Assert.Contains("16640", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_with_one_operator_that_has_no_referee_is_refused()
    {
        Shape shape = new(1, 2);
        Graph With(OperatorKind kind) => new(
            [new GraphInput("x", shape)],
            [
                new GraphNode(new Operator(OperatorKind.Relu), [new ValueId(0)], shape),
                new GraphNode(new Operator(kind), [new ValueId(1)], shape),
            ],
            []);
        var good = With(OperatorKind.Gelu);
        Assert.Same(good, Decidable.Require(good));
        var e = Assert.Throws<ShapeException>(() => Decidable.Require(With((OperatorKind)9_999)));
        Assert.Equal("operator 1 of the graph", e.Operand);
    }

    private static DecoderConfig Model(int width)
    {
        var text = $$"""{"model_type": "gpt2", "n_embd": {{width}}, "n_layer": 1, "n_head": 1, "n_positions": 16}""";
        using var json = System.Text.Json.JsonDocument.Parse(text);
        return Assert.IsType<DecoderConfig>(ModelConfig.Parse(json.RootElement, out _));
    }
}
