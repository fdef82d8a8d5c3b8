using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Generation;

/// <summary>Extends a cache by a fixed number of rows and gives the logits of the last one.</summary>
internal sealed class DecodeGraph : IDisposable
{
    private readonly GraphExecutor executor;
    private readonly TensorMemory inputs;
    private readonly TensorView logits;

    public DecodeGraph(
        DecoderConfig config, TensorMemory parameters, TensorMemory cache, int capacity, int rows, IBackend backend)
    {
        Graph graph = Build(config, capacity, rows);
        InPlace[] pairs =
            [.. cache.Layout.Entries.Select(entry => new InPlace(InputNames.Next(entry.Name), entry.Name))];
        executor = new GraphExecutor(graph, MemoryPlan.Create(graph, pairs), backend);
        inputs = new TensorMemory(TensorLayout.Create(
        [
            (InputNames.Data, new Shape(rows, 1)),
            (InputNames.Positions, new Shape(rows, 1)),
            (InputNames.Selected, new Shape(1, 1)),
        ]));
        inputs[InputNames.Selected].Span[0] = rows - 1;
        executor.Bind(inputs);
        executor.Bind(parameters);
        executor.Bind(cache);
        logits = executor.Output(InputNames.Logits);
    }

    /// <summary>Keys and values of every layer, one row per position.</summary>
    public static TensorLayout CacheLayout(DecoderConfig config, int capacity)
    {
        Shape shape = new(capacity, config.KeyValueHeads * config.HeadSize);
        return TensorLayout.Create(Enumerable.Range(0, config.Layers).SelectMany(layer => new[]
        {
            (InputNames.KeyCache(layer), shape),
            (InputNames.ValueCache(layer), shape),
        }));
    }

    public static Graph Build(DecoderConfig config, int capacity, int rows)
    {
        ModelBuilder model = new();
        Value logits = DecoderGraph.Logits(
            model, config, new DecoderRows(Sequences: 1, rows, capacity, Cached: true, SelectedRows: 1));
        model.Graph.Output(InputNames.Logits, logits);
        return model.Graph.Build();
    }

    /// <summary>Runs the rows at positions from <paramref name="start"/> on.</summary>
    public TensorView Run(ReadOnlySpan<int> tokens, int start)
    {
        Span<float> ids = inputs.Tensors[0].Span, positions = inputs.Tensors[1].Span;
        for (int i = 0; i < tokens.Length; i++)
            (ids[i], positions[i]) = (tokens[i], start + i);
        executor.Run();
        return logits;
    }

    public void Dispose()
    {
        executor.Dispose();
        inputs.Dispose();
    }
}
