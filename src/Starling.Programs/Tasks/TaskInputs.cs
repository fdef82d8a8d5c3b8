using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Programs.Tasks;

/// <summary>The inputs of a run by name, read strictly.</summary>
internal sealed class TaskInputs
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _blobs;
    private readonly string[] _names;

    /// <exception cref="TaskRefusedException">Not as many inputs as the parameters ask for.</exception>
    public TaskInputs(IReadOnlyList<ReadOnlyMemory<byte>> blobs, params string[] names)
    {
        (_blobs, _names) = (blobs, names);
        if (blobs.Count != names.Length)
            throw new TaskRefusedException(
                $"{blobs.Count} inputs; the parameters ask for {names.Length}: {string.Join(", ", names)}");
    }

    public ReadOnlySpan<byte> this[int index] => _blobs[index].Span;

    /// <summary>Fills memory from a tensor blob of exactly its layout, with padding of zeros and finite numbers.</summary>
    public void Read(int index, TensorMemory memory)
    {
        if (StateBlob.Decode(this[index], memory) is { } problem)
            throw Refuse(index, problem.Message);
        for (var i = 0; i < memory.Tensors.Length; i++)
            foreach (var value in memory.Tensors[i].Span)
                if (!float.IsFinite(value))
                    throw Refuse(index, $"'{memory.Layout.Entries[i].Name}' holds NaN or infinity");
    }

    /// <summary>A checkpoint of the model.</summary>
    public TensorMemory ReadParameters(int index, ModelConfig model)
    {
        TensorMemory memory = new(model.CreateLayout());
        try
        {
            Read(index, memory);
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    public TaskRefusedException Refuse(int index, string problem) => new($"input {index} ({_names[index]}): {problem}");
}
