using CsCheck;
using Starling.Arithmetic;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Reference;
using Starling.Compute.Graphs;
using Starling.Compute.Tensors;
using Xunit;

namespace Starling.Tests.Compute.Graphs;

public class GraphExecutorTests
{
    [Fact]
    public void APlannedRunHasTheBitsOfANaiveOne() => Gen.ULong.Sample(
        seed =>
        {
            Graph graph = RandomGraphs.Draw(seed);
            Dictionary<string, float[]> inputs = RandomGraphs.Inputs(graph, seed);
            float[][] naive = NaiveRun.Run(graph, inputs, new ScalarBackend());
            using TensorMemory memory = InputMemory(graph, inputs);
            using GraphExecutor executor = new(graph, MemoryPlan.Create(graph), new ScalarBackend());
            executor.Bind(memory);
            BitRecorder recorder = new();
            executor.Run(recorder);
            executor.Run(recorder);
            foreach (GraphOutput output in graph.Outputs)
                Assert.Equal(
                    Numbers.Bits(naive[output.Value.Index - graph.Inputs.Length]), Numbers.Bits(executor.Output(output.Name).Span));
            for (int node = 0; node < naive.Length; node++)
                Assert.Equal(Numbers.Bits(naive[node]), recorder.Seen[node]);
        },
        iter: 200);

    [Fact]
    public void AnInputWithoutMemoryIsNamed()
    {
        GraphBuilder builder = new();
        builder.Output("y", builder.Scale(builder.Input("weight", new Shape(1, 1)), 2));
        Graph graph = builder.Build();
        using GraphExecutor executor = new(graph, MemoryPlan.Create(graph), new ScalarBackend());
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => executor.Run());
        Assert.Contains("'weight'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryOfAnotherShapeIsRefused()
    {
        GraphBuilder builder = new();
        builder.Output("y", builder.Scale(builder.Input("x", new Shape(2, 3)), 2));
        Graph graph = builder.Build();
        using GraphExecutor executor = new(graph, MemoryPlan.Create(graph), new ScalarBackend());
        using TensorMemory memory = new(TensorLayout.Create([("x", new Shape(3, 2))]));
        Assert.Throws<ArgumentException>(() => executor.Bind(memory));
    }

    private static TensorMemory InputMemory(Graph graph, Dictionary<string, float[]> inputs)
    {
        TensorMemory memory = new(TensorLayout.Create(graph.Inputs.Select(input => (input.Name, input.Shape))));
        for (int i = 0; i < graph.Inputs.Length; i++)
            inputs[graph.Inputs[i].Name].CopyTo(memory.Tensors[i].Span);
        return memory;
    }

    private sealed class BitRecorder : IGraphObserver
    {
        public Dictionary<int, int[]> Seen { get; } = [];

        public void Computed(int node, TensorView value) => Seen[node] = Numbers.Bits(value.Span);
    }
}
