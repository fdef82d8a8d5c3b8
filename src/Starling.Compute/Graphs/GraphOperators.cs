using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Graphs;

/// <summary>Short names for the operators that models and passes apply.</summary>
public static class GraphOperators
{
    public static Value Add(this GraphBuilder graph, Value a, Value b) =>
        graph.Apply(new Operator(OperatorKind.Add), a, b);

    public static Value Multiply(this GraphBuilder graph, Value a, Value b) =>
        graph.Apply(new Operator(OperatorKind.Multiply), a, b);

    public static Value Scale(this GraphBuilder graph, Value a, float factor) =>
        graph.Apply(new Operator(OperatorKind.Scale) { Factor = factor }, a);

    public static Value AddRow(this GraphBuilder graph, Value a, Value row) =>
        graph.Apply(new Operator(OperatorKind.AddRow), a, row);

    public static Value ColumnSum(this GraphBuilder graph, Value a) =>
        graph.Apply(new Operator(OperatorKind.ColumnSum), a);

    public static Value Product(
        this GraphBuilder graph, Value a, Value b, bool transposeLeft = false, bool transposeRight = false) =>
        graph.Apply(
            new Operator(OperatorKind.Product) { TransposeLeft = transposeLeft, TransposeRight = transposeRight },
            a, b);

    /// <summary>x (rows, in) times a weight stored (out, in): rows x out.</summary>
    public static Value Linear(this GraphBuilder graph, Value x, Value weight) =>
        graph.Product(x, weight, transposeRight: true);

    public static Value Apply(this GraphBuilder graph, OperatorKind kind, params ReadOnlySpan<Value> operands) =>
        graph.Apply(new Operator(kind), operands);

    /// <summary>
    /// Sum over rows of the cross-entropy in nats, times 1 / <paramref name="count"/> (the rows where it is not given):
    /// 1 x 1. Rows without a target (-1) add nothing but are counted, as the graph is fixed before the data are known.
    /// </summary>
    public static Value MeanCrossEntropy(this GraphBuilder graph, Value logits, Value targets, int? count = null)
    {
        Value perRow = graph.Apply(OperatorKind.CrossEntropy, logits, targets);
        return graph.Scale(graph.ColumnSum(perRow), 1f / (count ?? graph.ShapeOf(logits).Rows));
    }
}
