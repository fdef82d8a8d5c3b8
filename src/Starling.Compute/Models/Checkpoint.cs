using Starling.Compute.Tensors;

namespace Starling.Compute.Models;

/// <summary>The weights of a model in safetensors files, named, shaped and laid out as its architecture publishes them.</summary>
public static class Checkpoint
{
    /// <summary>The bytes of a single file with the model's tensors.</summary>
    public static byte[] Write(ModelConfig model, TensorMemory parameters)
    {
        using MemoryStream stream = new();
        Write(model.ListPublished(), parameters, stream);
        return stream.ToArray();
    }

    /// <summary>Appends one file that holds the tensors given.</summary>
    public static void Write(IReadOnlyList<PublishedTensor> tensors, TensorMemory parameters, Stream destination)
    {
        destination.Write(Head(tensors));
        foreach (PublishedTensor tensor in tensors)
            CheckpointTensors.Write(tensor, parameters, destination);
    }

    /// <summary>The file's bytes before its numbers: a function of the model alone.</summary>
    public static byte[] Head(IReadOnlyList<PublishedTensor> tensors) => SafetensorsWriter.Head(
        tensors.Select(tensor => (tensor.Name, tensor.FileDimensions)));

    /// <summary>Fills the parameters from one file's bytes; see the other overload.</summary>
    public static TensorProblem? Read(ModelConfig model, ReadOnlyMemory<byte> file, TensorMemory parameters) =>
        Read(model, [new MemoryBytes(file)], parameters);

    /// <summary>
    /// Fills the parameters from files that together hold exactly the model's tensors, by name; on a problem the
    /// parameters must be dropped.
    /// </summary>
    public static TensorProblem? Read(ModelConfig model, IReadOnlyList<IByteSource> files, TensorMemory parameters)
    {
        CheckpointIndex index = new();
        foreach (IByteSource source in files)
            if ((SafetensorsFile.Open(source, out SafetensorsFile? file) ?? index.Add(file!)) is { } problem)
                return problem;
        return CheckpointMatch.Create(model, index, out CheckpointMatch match) ?? match.Read(parameters);
    }
}
