using Starling.Arithmetic;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Training;

/// <summary>Memory for the data inputs of a graph, of one or several micro-batches.</summary>
internal sealed class BatchMemory : IDisposable
{
    private readonly TensorMemory memory;

    /// <param name="model">Decides the shape of the data.</param>
    /// <param name="sequences">Sequences per micro-batch.</param>
    /// <param name="length">Rows per sequence.</param>
    /// <param name="microBatches">Micro-batches per run of the graph.</param>
    public BatchMemory(ModelConfig model, int sequences, int length, int microBatches = 1)
    {
        Sequences = sequences;
        MicroBatches = microBatches;
        Shape data = model.DataShape(sequences, length);
        Shape column = new(data.Rows, 1);
        List<(string, Shape)> tensors = [];
        for (int number = 0; number < microBatches; number++)
        {
            tensors.Add((MicroBatch.NameOf(InputNames.Data, number), data));
            tensors.Add((MicroBatch.NameOf(InputNames.Targets, number), column));
        }

        memory = new TensorMemory(TensorLayout.Create([.. tensors, (InputNames.Positions, column)]));
        Span<float> positions = memory[InputNames.Positions].Span;
        for (int row = 0; row < positions.Length; row++)
            positions[row] = row % length;
    }

    public int Sequences { get; }

    public TensorView Data => memory.Tensors[0];

    public TensorView Targets => memory.Tensors[1];

    private int MicroBatches { get; }

    /// <summary>Draws the batch of a step: its sequences run through the micro-batches in order.</summary>
    public void Fill(ITrainingData source, long step)
    {
        for (int number = 0; number < MicroBatches; number++)
            source.Fill(step, number * Sequences, Sequences, memory.Tensors[2 * number], memory.Tensors[(2 * number) + 1]);
    }

    /// <summary>Binds those inputs that the graph has.</summary>
    public void Bind(Graphs.GraphExecutor executor)
    {
        for (int i = 0; i < memory.Layout.Entries.Count; i++)
            executor.BindIfPresent(memory.Layout.Entries[i].Name, memory.Tensors[i]);
    }

    public void Dispose() => memory.Dispose();
}
