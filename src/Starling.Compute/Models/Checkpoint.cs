using Starling.Arithmetic;
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
        tensors.Select(tensor => (tensor.Name, DimensionsOf(tensor))));

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
        List<(PublishedTensor Tensor, SafetensorsFile File, SafetensorsEntry Entry)> found = [];
        foreach (PublishedTensor tensor in model.ListPublished())
        {
            if (index.Take(model.NamesOf(tensor)) is not ({ } file, { } entry))
                return TensorProblem.Of(TensorProblemCode.Missing, tensor.Name, "is missing");
            if (Check(tensor, entry) is { } problem)
                return problem;
            found.Add((tensor, file, entry));
        }

        if (index.Rest.FirstOrDefault(name => !model.Ignores(name)) is { } unexpected)
            return TensorProblem.Of(TensorProblemCode.Unexpected, unexpected, "does not belong to the model");
        foreach ((PublishedTensor tensor, SafetensorsFile file, SafetensorsEntry entry) in found)
        {
            CheckpointTensors.Read(file, entry, tensor, parameters);
            if (!tensor.Parts.All(part => FiniteCheck.AllFinite(parameters[part.Name].Span)))
                return TensorProblem.Of(TensorProblemCode.NotFinite, entry.Name, "holds NaN or infinity");
        }

        return null;
    }

    private static long[] DimensionsOf(PublishedTensor tensor) =>
        tensor.Dimensions == 1 ? [tensor.Shape.Columns] : [tensor.Shape.Rows, tensor.Shape.Columns];

    private static TensorProblem? Check(PublishedTensor tensor, SafetensorsEntry entry)
    {
        if (!SafetensorsType.IsReadable(entry.Type))
            return TensorProblem.Of(
                TensorProblemCode.UnsupportedType, entry.Name, $"is {entry.Type}; F32, F16 and BF16 are read");
        IReadOnlyList<long> size = entry.Dimensions;
        Shape expected = tensor.Shape;
        bool fits = (size.Count == 2 && size[0] == expected.Rows && size[1] == expected.Columns)
            || (size.Count == 1 && expected.Rows == 1 && size[0] == expected.Columns);
        return fits ? null : TensorProblem.Of(
            TensorProblemCode.BadShape, entry.Name,
            $"is {string.Join('x', size)}, the model's is {string.Join('x', DimensionsOf(tensor))}");
    }
}
