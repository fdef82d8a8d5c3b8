using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Random;
using Starling.Compute.Graphs;
using Graph = Starling.Arithmetic.Graphs.Graph;

namespace Starling.Tests.Compute.Graphs;

/// <summary>Random graphs of elementwise operators and products, with some outputs, some values read by nothing.</summary>
internal static class RandomGraphs
{
    public static Graph Draw(ulong seed)
    {
        Philox random = new(seed, Purpose: 1002, Step: 0);
        ulong at = 0;
        int Below(int bound) => (int)random.Below(at++, (uint)bound);

        GraphBuilder graph = new();
        List<Value> values = [];
        Shape[] shapes = [new(3, 4), new(4, 4), new(20, 4)];
        for (int i = 0; i < 4; i++)
            values.Add(graph.Input($"x{i}", shapes[Below(shapes.Length)]));
        int nodes = 1 + Below(40);
        for (int i = 0; i < nodes; i++)
            values.Add(DrawNode(graph, values, Below));
        int outputs = 1 + Below(3);
        for (int i = 0; i < outputs; i++)
            graph.Output($"y{i}", values[4 + Below(nodes)]);
        return graph.Build();
    }

    public static Dictionary<string, float[]> Inputs(Graph graph, ulong seed) => graph.Inputs
        .Select((input, i) => (input.Name, Values: Numbers.Normal(input.Shape, seed, (uint)i, scale: 0.5f)))
        .ToDictionary(pair => pair.Name, pair => pair.Values);

    private static Value DrawNode(GraphBuilder graph, List<Value> values, Func<int, int> below)
    {
        Value a = values[below(values.Count)];
        Value[] alike = [.. values.Where(value => graph.ShapeOf(value) == graph.ShapeOf(a))];
        Value b = alike[below(alike.Length)];
        return below(6) switch
        {
            0 => graph.Add(a, b),
            1 => graph.Multiply(a, b),
            2 => graph.Scale(a, 0.5f),
            3 => graph.Apply(OperatorKind.Gelu, a),
            4 => graph.Product(a, b, transposeLeft: true),
            _ => graph.AddRow(a, graph.ColumnSum(b)),
        };
    }
}
