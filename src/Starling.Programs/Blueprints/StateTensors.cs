using Starling.Arithmetic;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Models;

namespace Starling.Programs.Blueprints;

/// <summary>Collects the tensors of a state and finds them again by the names of graph inputs.</summary>
internal sealed class StateTensors(Graph graph)
{
    private readonly List<StateTensor> _tensors = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _outputs =
        graph.Outputs.ToDictionary(static o => o.Name, static o => o.Value.Index, StringComparer.Ordinal);

    public StateTensor[] Tensors => [.. _tensors];

    /// <summary>Adds the tensors of one blob; <paramref name="input"/> is the task input that holds it, -1 for zeros.</summary>
    public void Add(IReadOnlyList<(string Name, Shape Shape)> blob, int input)
    {
        var chunks = blob.Sum(t => LayoutOf(t.Shape).Chunks);
        var first = 0L;
        foreach (var (name, shape) in blob)
        {
            var layout = LayoutOf(shape);
            _byName.Add(name, _tensors.Count);
            _tensors.Add(new StateTensor(
                layout, NextOf(name), input, input < 0 ? 0 : first, input < 0 ? 0 : chunks));
            first += layout.Chunks;
        }
    }

    /// <summary>The source of a graph input that is a tensor of the state; null for any other.</summary>
    public BlueprintInput? SourceOf(GraphInput input) => _byName.TryGetValue(input.Name, out var index)
        ? new BlueprintInput(InputSource.State, LayoutOf(input.Shape), index, 0, 0, 0, 0, 0, [])
        : null;

    public static Layout LayoutOf(Shape shape) => new(shape.Rows, shape.Columns);

    private int NextOf(string name) => _outputs.TryGetValue(InputNames.Next(name), out var index)
        ? index
        : throw new InvalidOperationException($"the graph does not replace '{name}'");
}
