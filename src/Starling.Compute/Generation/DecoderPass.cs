using Starling.Arithmetic;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Generation;

/// <summary>What one run of a <see cref="DecoderPass"/> covers.</summary>
/// <param name="Sequences">Neighbouring slots.</param>
/// <param name="Rows">Tokens of each; those at position -1 read and write nothing.</param>
/// <param name="Logits">Rows of logits: of every token, of those picked, or none where it only extends the cache.</param>
internal readonly record struct PassShape(int Sequences, int Rows, int Logits)
{
    /// <summary>Whether an input names the rows that get logits.</summary>
    public bool Picks => Logits > 0 && Logits < Sequences * Rows;

    /// <summary>One token of each of some sequences.</summary>
    public static PassShape Decode(int sequences) => new(sequences, 1, sequences);

    /// <summary>Tokens of one sequence, for the cache alone.</summary>
    public static PassShape Extend(int rows) => new(1, rows, Logits: 0);

    /// <summary>Tokens of one sequence, with the logits after some of them.</summary>
    public static PassShape Score(int rows, int logits) => new(1, rows, Math.Min(rows, logits));
}

/// <summary>One graph over the cache, run again and again without allocating.</summary>
internal sealed class DecoderPass : IDisposable
{
    private readonly PassShape shape;
    private readonly KeyValueCache cache;
    private readonly GraphExecutor executor;
    private readonly TensorMemory inputs;
    private readonly TensorView logits;
    private int boundTo = -1;

    public DecoderPass(DecoderModel model, KeyValueCache cache, PassShape shape)
    {
        this.shape = shape;
        this.cache = cache;
        Graph graph = Build(model.Config, cache.Capacity, shape);
        InPlace[] pairs = [.. cache.Names.Select(name => new InPlace(InputNames.Next(name), name))];
        MemoryPlan plan = MemoryPlan.Create(graph, pairs);
        executor = model.Weights is { } weights
            ? new GraphExecutor(graph, plan, (VectorBackend)model.Backend, weights)
            : new GraphExecutor(graph, plan, model.Backend);
        Shape rows = new(shape.Sequences * shape.Rows, 1);
        List<(string, Shape)> read = [(InputNames.Data, rows), (InputNames.Positions, rows)];
        if (shape.Picks)
            read.Add((InputNames.Row, new Shape(shape.Logits, 1)));
        inputs = new TensorMemory(TensorLayout.Create(read));
        executor.Bind(inputs);
        for (int i = 0; i < model.Parameters.Layout.Entries.Count; i++)
            executor.BindIfPresent(model.Parameters.Layout.Entries[i].Name, model.Parameters.Tensors[i]);
        logits = shape.Logits > 0 ? executor.Output(InputNames.Logits) : default;
    }

    public static Graph Build(DecoderConfig config, int capacity, PassShape shape)
    {
        ModelBuilder model = new();
        DecoderRows rows = new(shape.Sequences, shape.Rows, capacity, Cached: true);
        if (shape.Logits == 0)
            DecoderGraph.Remember(model, config, rows);
        else
            model.Graph.Output(InputNames.Logits, shape.Picks
                ? DecoderGraph.RowLogits(model, config, rows, shape.Logits)
                : DecoderGraph.Logits(model, config, rows));
        return model.Graph.Build();
    }

    /// <summary>Sets a row of the next run; a position of -1 makes it inert.</summary>
    public void Set(int row, int token, int position)
    {
        inputs.Tensors[0].Span[row] = token;
        inputs.Tensors[1].Span[row] = position;
    }

    /// <summary>Picks the row whose logits are to be row <paramref name="index"/>.</summary>
    public void Pick(int index, int row) => inputs.Tensors[2].Span[index] = row;

    /// <summary>Runs the rows set, over the slots from <paramref name="firstSlot"/> on. Logits last until the next run.</summary>
    public TensorView Run(int firstSlot)
    {
        if (boundTo != firstSlot)
            cache.Bind(executor, firstSlot, shape.Sequences);
        boundTo = firstSlot;
        executor.Run();
        return logits;
    }

    public void Dispose()
    {
        executor.Dispose();
        inputs.Dispose();
    }
}
