using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Tensors;

namespace Starling.Tests.Compute.Graphs;

/// <summary>Runs a graph with memory of its own for every value: no plan, nothing in place.</summary>
internal static class NaiveRun
{
    /// <summary>The value of every node, in node order.</summary>
    public static float[][] Run(Graph graph, IReadOnlyDictionary<string, float[]> inputs, IBackend backend)
    {
        using TensorMemory memory = new(TensorLayout.Create(
            Enumerable.Range(0, graph.ValueCount).Select(i => ($"%{i}", graph.ShapeOf(new ValueId(i))))));
        for (int i = 0; i < graph.Inputs.Length; i++)
            inputs[graph.Inputs[i].Name].CopyTo(memory.Tensors[i].Span);
        var results = new float[graph.Nodes.Length][];
        for (int node = 0; node < results.Length; node++)
        {
            var operands = new TensorView[graph.Nodes[node].Inputs.Length];
            for (int i = 0; i < operands.Length; i++)
                operands[i] = memory.Tensors[graph.Nodes[node].Inputs[i].Index];
            TensorView result = memory.Tensors[graph.Inputs.Length + node];
            backend.Run(graph.Nodes[node].Operator, operands, result);
            results[node] = result.Span.ToArray();
        }

        return results;
    }
}
