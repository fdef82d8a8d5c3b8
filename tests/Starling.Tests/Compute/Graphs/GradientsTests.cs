using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Graphs;

public class GradientsTests
{
    private const ulong Seed = 20240717;
    private const int Rows = 6;

    private static readonly Dictionary<string, (Shape[] Inputs, Func<GraphBuilder, Value[], Value> Apply)> Cases = new()
    {
        ["product"] = ([new(Rows, 5), new(5, 8)], (g, x) => g.Product(x[0], x[1])),
        ["product, right transposed"] = ([new(Rows, 5), new(8, 5)], (g, x) => g.Product(x[0], x[1], transposeRight: true)),
        ["product, left transposed"] = ([new(5, Rows), new(5, 8)], (g, x) => g.Product(x[0], x[1], transposeLeft: true)),
        ["product, both transposed"] = ([new(5, Rows), new(8, 5)], (g, x) => g.Product(x[0], x[1], true, true)),
        ["add"] = ([new(Rows, 8), new(Rows, 8)], (g, x) => g.Add(x[0], x[1])),
        ["multiply"] = ([new(Rows, 8), new(Rows, 8)], (g, x) => g.Multiply(x[0], x[1])),
        ["a value read three times"] = ([new(Rows, 8)], (g, x) => g.Add(g.Multiply(x[0], x[0]), x[0])),
        ["scale"] = ([new(Rows, 8)], (g, x) => g.Scale(x[0], 0.3f)),
        ["add row"] = ([new(Rows, 8), new(1, 8)], (g, x) => g.AddRow(x[0], x[1])),
        ["relu"] = ([new(Rows, 8)], (g, x) => g.Apply(OperatorKind.Relu, x[0])),
        ["gelu"] = ([new(Rows, 8)], (g, x) => g.Apply(OperatorKind.Gelu, x[0])),
        ["swiglu"] = ([new(Rows, 8), new(Rows, 8)], (g, x) => g.Apply(OperatorKind.SwiGlu, x[0], x[1])),
        ["softmax"] = ([new(Rows, 8)], (g, x) => g.Apply(OperatorKind.Softmax, x[0])),
        ["convolution"] = ([new(15, 3), new(8, 27)],
            (g, x) => g.Apply(Convolution with { KernelHeight = 3, Stride = 2, Padding = 1 }, x[0], x[1])),
        ["convolution without padding"] = ([new(15, 3), new(8, 18)], (g, x) => g.Apply(Convolution, x[0], x[1])),
        ["rms norm"] = ([new(Rows, 8), new(1, 8)],
            (g, x) => g.Apply(new Operator(OperatorKind.RmsNorm) { Epsilon = 1e-3f }, x[0], x[1])),
        ["layer norm"] = ([new(Rows, 8), new(1, 8), new(1, 8)],
            (g, x) => g.Apply(new Operator(OperatorKind.LayerNorm) { Epsilon = 1e-3f }, x[0], x[1], x[2])),
        ["embedding"] = ([new(4, 8)],
            (g, x) => g.Apply(OperatorKind.Embedding, g.Input("ids", new Shape(Rows, 1)), x[0])),
        ["rope"] = ([new(Rows, 8)], (g, x) => g.Apply(Rope, x[0], g.Input("positions", new Shape(Rows, 1)))),
        ["inverse rope"] = ([new(Rows, 8)],
            (g, x) => g.Apply(Rope with { Inverse = true }, x[0], g.Input("positions", new Shape(Rows, 1)))),
        ["attention"] = ([new(Rows, 8), new(Rows, 8), new(Rows, 8)], (g, x) => Attention(g, x, 2, 2)),
        ["grouped attention"] = ([new(Rows, 8), new(Rows, 4), new(Rows, 4)], (g, x) => Attention(g, x, 4, 2)),
    };

    /// <summary>An image of 3 x 5 pixels, 2 x 3 windows.</summary>
    private static Operator Convolution =>
        new(OperatorKind.Convolution) { Height = 3, Width = 5, KernelHeight = 2, KernelWidth = 3, Stride = 1 };

    private static Operator Rope => new(OperatorKind.Rope) { Heads = 2, HeadSize = 4, Base = 100 };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void EachRuleAgreesWithDifferences(string name)
    {
        (Shape[] shapes, Func<GraphBuilder, Value[], Value> apply) = Cases[name];
        GraphBuilder graph = new();
        Dictionary<string, float[]> inputs = new()
        {
            ["ids"] = Numbers.Below(Rows, 4, Seed),
            ["positions"] = Numbers.Positions(2, Rows / 2),
            ["targets"] = Numbers.Below(Rows, 5, Seed + 1),
            ["head"] = Numbers.Normal(new Shape(5, 8), Seed, 99),
        };
        var parameters = new Value[shapes.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            parameters[i] = graph.Input($"x{i}", shapes[i]);
            inputs[$"x{i}"] = Numbers.Normal(shapes[i], Seed, (uint)i);
        }

        Value y = apply(graph, parameters);
        Value logits = graph.Linear(y, graph.Input("head", new Shape(5, 8)));
        GradientCheck.Run(graph, logits, graph.Input("targets", new Shape(Rows, 1)), parameters, inputs, $"{name} (seed {Seed})");
    }

    [Fact]
    public void AnOperatorWithoutARuleIsRefused()
    {
        GraphBuilder graph = new();
        Value x = graph.Input("x", new Shape(Rows, 4));
        Value loss = graph.MeanCrossEntropy(
            graph.Apply(OperatorKind.RowSumSquares, x), graph.Input("targets", new Shape(Rows, 1)), Rows);
        Assert.Throws<NotDifferentiableException>(() => Gradients.Of(graph, loss, x));
    }

    [Fact]
    public void AParameterThatTheLossDoesNotReadIsRefused()
    {
        GraphBuilder graph = new();
        Value x = graph.Input("x", new Shape(Rows, 4)), unused = graph.Input("unused", new Shape(Rows, 4));
        Value loss = graph.MeanCrossEntropy(x, graph.Input("targets", new Shape(Rows, 1)), Rows);
        Assert.Throws<NotDifferentiableException>(() => Gradients.Of(graph, loss, unused));
    }

    private static Value Attention(GraphBuilder graph, Value[] x, int heads, int keyHeads) => graph.Apply(
        new Operator(OperatorKind.Attention)
        {
            Heads = heads,
            KeyHeads = keyHeads,
            HeadSize = 8 / heads,
            QueryRows = Rows / 2,
            KeyRows = Rows / 2,
        },
        x[0], x[1], x[2], graph.Input("positions", new Shape(Rows, 1)));
}
