using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Generation;
using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Programs.Replay;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Answers;

/// <summary>Computes rows of an endpoint's logits by its blueprint and shows any value on the way: what a dispute needs.</summary>
public sealed class AnswerReplay : IDisposable
{
    private readonly GraphExecutor _executor;
    private readonly TensorMemory _inputs;
    private int[] _tokens = [];

    /// <param name="parameters">The weights; they stay alive while this object lives.</param>
    public AnswerReplay(DecoderConfig config, int capacity, TensorMemory parameters, IBackend backend)
    {
        Graph = AnswerBlueprint.Tree(RowGraph.Build(config, capacity));
        Blueprint = AnswerBlueprint.Of(config, capacity, Graph);
        _executor = new GraphExecutor(Graph.Graph, MemoryPlan.Create(Graph.Graph, []), backend);
        _executor.Bind(parameters);
        _inputs = new TensorMemory(TensorLayout.Create(
            Graph.Graph.Inputs.Where(static i => i.Name is InputNames.Data or InputNames.Positions or InputNames.Row)
                .Select(static i => (i.Name, i.Shape))));
        _executor.Bind(_inputs);
        for (var row = 0; row < capacity; row++)
            _executor.Input(InputNames.Positions).Span[row] = row;
    }

    public GraphTree Graph { get; }

    public Blueprint Blueprint { get; }

    /// <summary>The sequence whose rows are wanted; those behind its end hold token 0.</summary>
    public void Use(ReadOnlySpan<int> tokens) => _tokens = tokens.ToArray();

    /// <summary>Content ids of all values on the way to the logits of a row.</summary>
    public Hash256[] ValueRoots(int row) => Collect(row, null).Roots;

    /// <summary>Padded bytes of one of them.</summary>
    public byte[] ValueBytes(int row, int value) => Collect(row, new ValueId(value)).Bytes
        ?? throw new ArgumentOutOfRangeException(nameof(value), value, "no such value");

    public void Dispose()
    {
        _executor.Dispose();
        _inputs.Dispose();
    }

    private ValueCollector Collect(int row, ValueId? wanted)
    {
        var data = _executor.Input(InputNames.Data).Span;
        for (var i = 0; i < data.Length; i++)
            data[i] = i < _tokens.Length ? _tokens[i] : 0;
        _executor.Input(InputNames.Row).Span[0] = row;
        ValueCollector values = new(Graph.Graph, wanted);
        values.TakeInputs(_executor.Input);
        _executor.Run(values);
        return values;
    }
}
