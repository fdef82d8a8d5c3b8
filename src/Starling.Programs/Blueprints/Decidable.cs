using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Refereeing;
using Starling.Compute.Models;

namespace Starling.Programs.Blueprints;

/// <summary>
/// Work that no dispute could decide about is refused before anyone does it (protocol.md, 12): when a job or a task's
/// parameters are read, by the model; when a blueprint is made, by every operator of its graph.
/// </summary>
internal static class Decidable
{
    /// <summary>What no referee could decide about in a model; empty when there is nothing.</summary>
    public static string Problem(ModelConfig model)
    {
        if (model is not DecoderConfig decoder)
            return "";
        var attention = new Operator(OperatorKind.Attention) { Heads = decoder.Heads, HeadSize = decoder.HeadSize };
        var keys = decoder.Architecture.Keys;
        return Referee.Problem(attention) is { } problem
            ? $"{problem}; give more {keys.Heads}, or a smaller {keys.HeadSize ?? keys.HiddenSize}"
            : "";
    }

    /// <summary>The graph, all of whose operators have a decomposition.</summary>
    /// <exception cref="ShapeException">One has none.</exception>
    public static Graph Require(Graph graph)
    {
        for (var i = 0; i < graph.Nodes.Length; i++)
            if (Referee.Problem(graph.Nodes[i].Operator) is { } problem)
                throw new ShapeException(
                    graph.Nodes[i].Operator.Kind, $"operator {i} of the graph", $"{problem}; make the model's heads smaller");
        return graph;
    }
}
