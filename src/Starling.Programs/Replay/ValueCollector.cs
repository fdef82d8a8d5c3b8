using Starling.Arithmetic;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Replay;

/// <summary>Takes the roots of all values of a step, and the bytes of one of them.</summary>
internal sealed class ValueCollector(Graph graph, ValueId? wanted) : IGraphObserver
{
    public Hash256[] Roots { get; } = new Hash256[graph.ValueCount];

    /// <summary>Bytes of the value wanted; null until it was seen.</summary>
    public byte[]? Bytes { get; private set; }

    /// <summary>Reads the inputs before the step, which may write over them.</summary>
    public void TakeInputs(Func<string, TensorView> input)
    {
        for (var i = 0; i < graph.Inputs.Length; i++)
            Take(i, input(graph.Inputs[i].Name));
    }

    public void Computed(int node, TensorView value) => Take(graph.Inputs.Length + node, value);

    private void Take(int index, TensorView value)
    {
        if (wanted is { } only && only.Index != index)
            return;
        var bytes = PaddedTensor.Bytes(value);
        if (wanted is not null)
            Bytes = bytes;
        else
            Roots[index] = Blake3.Hash(bytes);
    }
}
