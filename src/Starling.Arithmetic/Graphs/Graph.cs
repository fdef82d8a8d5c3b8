using Starling.Arithmetic.Catalogue;

namespace Starling.Arithmetic.Graphs;

/// <summary>Names a value of a graph: first the inputs, then one value per node, ascending.</summary>
public readonly record struct ValueId(int Index)
{
    public override string ToString() => $"%{Index}";
}

/// <summary>A named input of a graph: data, a parameter, a moment or a constant.</summary>
public sealed record GraphInput(string Name, Shape Shape);

/// <summary>One operator applied to earlier values; its own value is the only one it makes.</summary>
public sealed record GraphNode(Operator Operator, ValueId[] Inputs, Shape Shape);

/// <summary>A value that leaves the graph, by name (a new parameter, a loss).</summary>
public sealed record GraphOutput(string Name, ValueId Value);

/// <summary>
/// A static list of operators in SSA form: what a training step, a merge or a decoding step computes. "Operator n of
/// step s" names one value. Nodes use only earlier values; shapes were inferred and checked when it was built.
/// </summary>
public sealed record Graph(GraphInput[] Inputs, GraphNode[] Nodes, GraphOutput[] Outputs)
{
    public int ValueCount => Inputs.Length + Nodes.Length;

    public Shape ShapeOf(ValueId value) =>
        value.Index < Inputs.Length ? Inputs[value.Index].Shape : Nodes[value.Index - Inputs.Length].Shape;
}
