using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Graphs;

/// <summary>
/// Reverse-mode differentiation from graph to graph: appends the gradient nodes to the same list. Values are visited
/// from last to first; where a value has several readers their contributions are added in that order, so the nodes,
/// and with them the bits, are a function of the graph alone.
/// </summary>
public sealed class Gradients
{
    private readonly GraphBuilder graph;
    private readonly Dictionary<Value, Adjoint> adjoints = [];
    private readonly bool[] wanted;

    private Gradients(GraphBuilder graph, ReadOnlySpan<Value> parameters)
    {
        this.graph = graph;
        wanted = new bool[graph.Count];
        foreach (Value parameter in parameters)
            wanted[parameter.Index] = true;
        for (int i = 0; i < wanted.Length; i++)
            foreach (Value operand in graph.OperandsOf(new Value(i)))
                wanted[i] |= wanted[operand.Index];
    }

    /// <summary>
    /// Appends the gradients of <paramref name="loss"/> (1 x 1) by each parameter and returns them in the order given.
    /// </summary>
    /// <exception cref="NotDifferentiableException">An operator on the path has no gradient rule.</exception>
    public static Value[] Of(GraphBuilder graph, Value loss, params ReadOnlySpan<Value> parameters)
    {
        if (graph.ShapeOf(loss) != new Shape(1, 1))
            throw new ArgumentException($"A loss is 1x1, not {graph.ShapeOf(loss)}.", nameof(loss));
        Gradients pass = new(graph, parameters);
        pass.adjoints[loss] = Adjoint.Same(1);
        for (int i = loss.Index; i >= 0; i--)
            pass.Visit(new Value(i));

        var results = new Value[parameters.Length];
        for (int i = 0; i < results.Length; i++)
            results[i] = pass.Result(parameters[i]);
        return results;
    }

    internal bool Wants(Value value) => wanted[value.Index];

    internal void Give(Value target, Value gradient) => Give(target, Adjoint.Of(gradient));

    internal void Give(Value target, Adjoint gradient)
    {
        if (!Wants(target))
            return;
        if (!adjoints.TryGetValue(target, out Adjoint held))
            adjoints[target] = gradient;
        else if (held.Value is { } a && gradient.Value is { } b)
            adjoints[target] = Adjoint.Of(graph.Add(a, b));
        else if (held.Value is null && gradient.Value is null)
            adjoints[target] = Adjoint.Same(held.Uniform + gradient.Uniform);
        else
            throw new NotDifferentiableException("A value is read both through the mean of the loss and otherwise.");
    }

    private void Visit(Value value)
    {
        if (graph.OperatorOf(value) is not { } op || !Wants(value) || !adjoints.TryGetValue(value, out Adjoint dy))
            return;
        Value[] operands = graph.OperandsOf(value).ToArray();
        if (dy.Value is { } gradient)
            GradientRules.Apply(this, graph, op, operands, value, gradient);
        else
            GradientRules.ApplyUniform(this, graph, op, operands, dy.Uniform);
    }

    private Value Result(Value parameter)
    {
        if (!adjoints.TryGetValue(parameter, out Adjoint adjoint) || adjoint.Value is not { } gradient)
            throw new NotDifferentiableException("The loss does not depend on one of its parameters.");
        return gradient;
    }
}
