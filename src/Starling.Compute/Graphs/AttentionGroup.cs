using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;

namespace Starling.Compute.Graphs;

/// <summary>
/// The nodes of one attention's backward pass that share their scores: the log-sum, which nothing else reads, and the
/// gradients by q, k and v, which follow each other. Back ends may compute them at once when the first gradient is due.
/// </summary>
/// <param name="LogSum">Node of the log-sum.</param>
/// <param name="Query">Node of the gradient by q; those by k and v are the next two.</param>
internal readonly record struct AttentionGroup(int LogSum, int Query)
{
    public int Value => Query + 2;

    public static IEnumerable<AttentionGroup> Find(Graph graph)
    {
        var readers = new int[graph.ValueCount];
        foreach (GraphNode node in graph.Nodes)
            foreach (ValueId operand in node.Inputs)
                readers[operand.Index]++;
        foreach (GraphOutput output in graph.Outputs)
            readers[output.Value.Index]++;
        for (int node = 0; node + 2 < graph.Nodes.Length; node++)
            if (At(graph, node) is { } group && readers[graph.Inputs.Length + group.LogSum] == 3)
                yield return group;
    }

    /// <summary>Operands that the group reads to its end although its last node does not: v and the row dots.</summary>
    public ValueId[] HeldOperands(Graph graph) => [graph.Nodes[Query].Inputs[2], graph.Nodes[Query].Inputs[6]];

    private static AttentionGroup? At(Graph graph, int node)
    {
        GraphNode query = graph.Nodes[node], key = graph.Nodes[node + 1], value = graph.Nodes[node + 2];
        Operator op = query.Operator;
        if (op.Kind != OperatorKind.AttentionGradQuery
            || key.Operator != op with { Kind = OperatorKind.AttentionGradKey }
            || value.Operator != op with { Kind = OperatorKind.AttentionGradValue })
            return null;
        ReadOnlySpan<ValueId> x = query.Inputs;
        int logSum = x[5].Index - graph.Inputs.Length;
        bool shared = x.SequenceEqual(key.Inputs) && value.Inputs.AsSpan().SequenceEqual([x[0], x[1], x[3], x[4], x[5]])
            && logSum >= 0
            && graph.Nodes[logSum].Operator == op with { Kind = OperatorKind.AttentionLogSum }
            && graph.Nodes[logSum].Inputs.AsSpan().SequenceEqual([x[0], x[1], x[3]]);
        return shared ? new AttentionGroup(logSum, node) : null;
    }
}
