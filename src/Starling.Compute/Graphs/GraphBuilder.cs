using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;

namespace Starling.Compute.Graphs;

/// <summary>
/// Builds a <see cref="Graph"/>: declare inputs, apply operators, name outputs. Shapes are inferred and checked as
/// each operator is applied, so an error points at the line that made it.
/// </summary>
public sealed class GraphBuilder
{
    private readonly List<Entry> entries = [];
    private readonly Dictionary<string, Value> inputs = new(StringComparer.Ordinal);
    private readonly List<(string Name, Value Value)> outputs = [];
    private readonly Dictionary<string, Value> provided = new(StringComparer.Ordinal);

    /// <summary>Values made so far, inputs and nodes together, in the order they were made.</summary>
    internal int Count => entries.Count;

    /// <summary>
    /// Declares an input, or gives the value that <see cref="Provide"/> put in its place. Names are unique within a graph.
    /// </summary>
    /// <exception cref="ArgumentException">The name is taken, or the shape is empty or not that of what was provided.</exception>
    public Value Input(string name, Shape shape)
    {
        if (provided.TryGetValue(name, out Value given))
            return ShapeOf(given) == shape
                ? given
                : throw new ArgumentException($"Input '{name}' is {ShapeOf(given)}, not {shape}.", nameof(shape));
        if (shape.Rows <= 0 || shape.Columns <= 0)
            throw new ArgumentException($"Input '{name}' has the empty shape {shape}.", nameof(shape));
        Value value = new(entries.Count);
        if (!inputs.TryAdd(name, value))
            throw new ArgumentException($"Input '{name}' is declared twice.", nameof(name));
        entries.Add(new Entry(name, null, [], shape));
        return value;
    }

    /// <summary>
    /// From now on, declaring the input <paramref name="name"/> gives <paramref name="value"/>: one description can be
    /// applied several times in a graph, to other data each time.
    /// </summary>
    internal void Provide(string name, Value value) => provided[name] = value;

    /// <summary>The input of this name, or null.</summary>
    internal Value? FindInput(string name) => inputs.TryGetValue(name, out Value value) ? value : null;

    /// <summary>Appends one operator and returns its value, with the shape the catalogue infers.</summary>
    /// <exception cref="ShapeException">The shapes do not fit the operator.</exception>
    public Value Apply(Operator op, params ReadOnlySpan<Value> operands)
    {
        var shapes = new Shape[operands.Length];
        for (int i = 0; i < shapes.Length; i++)
            shapes[i] = ShapeOf(operands[i]);
        Shape shape = Shapes.Infer(op, shapes);
        entries.Add(new Entry(null, op, operands.ToArray(), shape));
        return new Value(entries.Count - 1);
    }

    /// <summary>Names a value that leaves the graph.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the value is an input.</exception>
    public void Output(string name, Value value)
    {
        if (outputs.Exists(output => output.Name == name))
            throw new ArgumentException($"Output '{name}' is declared twice.", nameof(name));
        if (OperatorOf(value) is null)
            throw new ArgumentException($"Output '{name}' is an input, not a computed value.", nameof(value));
        outputs.Add((name, value));
    }

    public Shape ShapeOf(Value value) => entries[value.Index].Shape;

    /// <summary>The operator that made a value, or null for an input.</summary>
    internal Operator? OperatorOf(Value value) => entries[value.Index].Operator;

    /// <summary>The name of an input, or null for a computed value.</summary>
    internal string? NameOf(Value value) => entries[value.Index].Name;

    internal ReadOnlySpan<Value> OperandsOf(Value value) => entries[value.Index].Operands;

    /// <summary>The values that operators of a kind take as one of their operands.</summary>
    internal HashSet<Value> OperandsOf(OperatorKind kind, int operand) =>
        [.. entries.Where(entry => entry.Operator?.Kind == kind).Select(entry => entry.Operands[operand])];

    /// <summary>The finished graph: inputs in order of declaration, nodes in order of application.</summary>
    public Graph Build()
    {
        var ids = new ValueId[entries.Count];
        int input = 0, node = inputs.Count;
        for (int i = 0; i < ids.Length; i++)
            ids[i] = new ValueId(entries[i].Operator is null ? input++ : node++);

        return new Graph(
            [.. entries.Where(e => e.Operator is null).Select(e => new GraphInput(e.Name!, e.Shape))],
            [.. entries.Where(e => e.Operator is not null).Select(e => new GraphNode(
                e.Operator!, [.. e.Operands.Select(operand => ids[operand.Index])], e.Shape))],
            [.. outputs.Select(output => new GraphOutput(output.Name, ids[output.Value.Index]))]);
    }

    private sealed record Entry(string? Name, Operator? Operator, Value[] Operands, Shape Shape);
}
