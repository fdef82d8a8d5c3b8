using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Reference;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Starling.Compute.Tensors;
using Xunit;

namespace Starling.Tests.Compute.Graphs;

public class AttentionGroupTests
{
    private const ulong Seed = 61;

    public static TheoryData<VectorWidth> Widths => [VectorWidth.V128, VectorWidth.V256, VectorWidth.V512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void GradientsAtOnceHaveTheBitsOfTheScalarReference(VectorWidth width)
    {
        foreach ((int rows, int heads, int keyHeads, int size) in new[] { (1, 2, 1, 3), (13, 4, 2, 8), (70, 2, 2, 20), (300, 2, 1, 4) })
        {
            Graph graph = Backward(rows, heads, keyHeads, size);
            Assert.Single(AttentionGroup.Find(graph));
            Compare(graph, Inputs(graph, rows), width);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void WhatDoesNotAscendOrIsNotFiniteRunsOneByOne(VectorWidth width)
    {
        Graph graph = Backward(9, 4, 2, 8);
        Dictionary<string, float[]> inputs = Inputs(graph, 9);
        inputs["positions"][4] = -1;
        Compare(graph, inputs, width);
        inputs["positions"][4] = 4;
        inputs["dy"][7] = float.PositiveInfinity;
        Compare(graph, inputs, width);
    }

    [Fact]
    public void ALogSumThatIsReadElsewhereStaysInItsPlace()
    {
        GraphBuilder builder = new();
        Value[] x = Append(builder, 4, 2, 1, 4, out Value logSum);
        builder.Output("sum", builder.ColumnSum(logSum));
        foreach (Value value in x)
            builder.Output($"{value.Index}", value);
        Assert.Empty(AttentionGroup.Find(builder.Build()));
    }

    /// <summary>The gradients are read by further nodes, so that memory is handed on around the group.</summary>
    private static Graph Backward(int rows, int heads, int keyHeads, int size)
    {
        GraphBuilder builder = new();
        Value[] gradients = Append(builder, rows, heads, keyHeads, size, out _);
        foreach (Value gradient in gradients)
            builder.Output($"{gradient.Index}", builder.Scale(builder.Add(gradient, gradient), 0.5f));
        return builder.Build();
    }

    private static Value[] Append(GraphBuilder builder, int rows, int heads, int keyHeads, int size, out Value logSum)
    {
        Value Input(string name, int columns) => builder.Input(name, new Shape(2 * rows, columns));

        Operator op = new(OperatorKind.AttentionLogSum)
        {
            Heads = heads,
            KeyHeads = keyHeads,
            HeadSize = size,
            QueryRows = rows,
            KeyRows = rows,
        };
        Value q = builder.Scale(Input("q", heads * size), 2), k = builder.Scale(Input("k", keyHeads * size), 2);
        Value v = builder.Scale(Input("v", keyHeads * size), 2), dy = builder.Scale(Input("dy", heads * size), 2);
        Value positions = Input("positions", 1), y = Input("y", heads * size);
        logSum = builder.Apply(op, q, k, positions);
        Value dot = builder.Apply(new Operator(OperatorKind.RowDot) { GroupColumns = size }, dy, y);
        return
        [
            builder.Apply(op with { Kind = OperatorKind.AttentionGradQuery }, q, k, v, positions, dy, logSum, dot),
            builder.Apply(op with { Kind = OperatorKind.AttentionGradKey }, q, k, v, positions, dy, logSum, dot),
            builder.Apply(op with { Kind = OperatorKind.AttentionGradValue }, q, k, positions, dy, logSum),
        ];
    }

    private static Dictionary<string, float[]> Inputs(Graph graph, int rows) => graph.Inputs.ToDictionary(
        input => input.Name,
        input => input.Name == "positions"
            ? Numbers.Positions(2, rows)
            : Numbers.Normal(input.Shape, Seed, (uint)input.Name[0]));

    private static void Compare(Graph graph, Dictionary<string, float[]> inputs, VectorWidth width)
    {
        float[][] naive = NaiveRun.Run(graph, inputs, new ScalarBackend());
        using TensorMemory memory = new(TensorLayout.Create(graph.Inputs.Select(input => (input.Name, input.Shape))));
        for (int i = 0; i < graph.Inputs.Length; i++)
            inputs[graph.Inputs[i].Name].CopyTo(memory.Tensors[i].Span);
        using GraphExecutor executor = new(graph, MemoryPlan.Create(graph), VectorBackend.Create(width));
        executor.Bind(memory);
        executor.Run();
        foreach (GraphOutput output in graph.Outputs)
            Assert.Equal(
                Numbers.Bits(naive[output.Value.Index - graph.Inputs.Length]), Numbers.Bits(executor.Output(output.Name).Span));
    }
}
