using Starling.Arithmetic;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Training;

/// <summary>Memory for the data inputs of a graph.</summary>
internal sealed class BatchMemory : IDisposable
{
    private readonly TensorMemory memory;

    public BatchMemory(ModelConfig model, int sequences, int length)
    {
        Sequences = sequences;
        Shape data = model.DataShape(sequences, length);
        memory = new TensorMemory(TensorLayout.Create(
        [
            (InputNames.Data, data),
            (InputNames.Targets, new Shape(data.Rows, 1)),
            (InputNames.Positions, new Shape(data.Rows, 1)),
        ]));
        Span<float> positions = memory[InputNames.Positions].Span;
        for (int row = 0; row < positions.Length; row++)
            positions[row] = row % length;
    }

    public int Sequences { get; }

    public TensorView Data => memory.Tensors[0];

    public TensorView Targets => memory.Tensors[1];

    /// <summary>Binds those inputs that the graph has.</summary>
    public void Bind(Graphs.GraphExecutor executor)
    {
        for (int i = 0; i < memory.Layout.Entries.Count; i++)
            executor.BindIfPresent(memory.Layout.Entries[i].Name, memory.Tensors[i]);
    }

    public void Dispose() => memory.Dispose();
}
