using Starling.Arithmetic;
using Starling.Compute.Graphs;

namespace Starling.Compute.Models;

/// <summary>
/// A graph in which parameters are declared as a model's description first uses them. Walking the description once
/// gives both the graph and the list of parameters, so they cannot differ.
/// </summary>
internal sealed class ModelBuilder
{
    private readonly Dictionary<string, Value> values = new(StringComparer.Ordinal);
    private readonly List<Parameter> parameters = [];

    public GraphBuilder Graph { get; } = new();

    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>Values of <see cref="Parameters"/> in the same order.</summary>
    public Value[] ParameterValues => [.. parameters.Select(parameter => values[parameter.Name])];

    public Value Matrix(string name, int rows, int columns, float deviation) => Get(new Parameter(
        name,
        new Shape(rows, columns),
        deviation > 0 ? InitialKind.Normal : InitialKind.Zero,
        deviation,
        Decays: true));

    public Value Gain(string name, int columns) =>
        Get(new Parameter(name, new Shape(1, columns), InitialKind.One, 0, Decays: false) { Dimensions = 1 });

    public Value Bias(string name, int columns) =>
        Get(new Parameter(name, new Shape(1, columns), InitialKind.Zero, 0, Decays: false) { Dimensions = 1 });

    private Value Get(Parameter parameter)
    {
        if (values.TryGetValue(parameter.Name, out Value value))
            return value;
        value = Graph.Input(parameter.Name, parameter.Shape);
        values.Add(parameter.Name, value);
        parameters.Add(parameter);
        return value;
    }
}
