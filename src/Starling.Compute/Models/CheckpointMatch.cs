using Starling.Arithmetic;
using Starling.Compute.Tensors;

namespace Starling.Compute.Models;

/// <summary>Files whose tensors are exactly those of a model, each checked and none read yet.</summary>
internal sealed class CheckpointMatch
{
    private readonly List<(PublishedTensor Tensor, SafetensorsFile File, SafetensorsEntry Entry)> found = [];

    /// <summary>The tensor of a head that is shared with the embedding, and the embedding's.</summary>
    private (SafetensorsFile File, SafetensorsEntry Entry, Parameter Shared)? tied;

    private CheckpointMatch()
    {
    }

    /// <summary>Finds every tensor of the model by name and checks type and shape; nothing may be left over.</summary>
    public static TensorProblem? Create(ModelConfig model, CheckpointIndex index, out CheckpointMatch match)
    {
        match = new CheckpointMatch();
        foreach (PublishedTensor tensor in model.ListPublished())
        {
            if (index.Take(model.NamesOf(tensor)) is not ({ } file, { } entry))
                return TensorProblem.Of(TensorProblemCode.Missing, tensor.Name, "is missing");
            if (Check(tensor, entry) is { } problem)
                return problem;
            match.found.Add((tensor, file, entry));
        }

        if (model.TiedTensor is (string name, Parameter shared) && index.Take([name]) is ({ } head, { } copy))
        {
            if (Check(PublishedTensor.Plain(shared), copy) is { } problem)
                return problem;
            match.tied = (head, copy, shared);
        }

        return index.Rest.FirstOrDefault(name => !model.Ignores(name)) is { } unexpected
            ? TensorProblem.Of(TensorProblemCode.Unexpected, unexpected, "does not belong to the model")
            : null;
    }

    /// <summary>Fills the parameters; on a problem they must be dropped.</summary>
    public TensorProblem? Read(TensorMemory parameters)
    {
        foreach ((PublishedTensor tensor, SafetensorsFile file, SafetensorsEntry entry) in found)
        {
            CheckpointTensors.Read(file, entry, tensor, parameters);
            if (!tensor.Parts.All(part => FiniteCheck.AllFinite(parameters[part.Name].Span)))
                return TensorProblem.Of(TensorProblemCode.NotFinite, entry.Name, "holds NaN or infinity");
        }

        return tied is (SafetensorsFile copy, SafetensorsEntry head, Parameter shared)
            && !CheckpointTensors.Equal(copy, head, parameters[shared.Name])
                ? TensorProblem.Of(
                    TensorProblemCode.NotTied, head.Name, $"differs from '{shared.Name}', which the configuration ties it to")
                : null;
    }

    private static TensorProblem? Check(PublishedTensor tensor, SafetensorsEntry entry)
    {
        if (!SafetensorsType.IsReadable(entry.Type))
            return TensorProblem.Of(
                TensorProblemCode.UnsupportedType, entry.Name, $"is {entry.Type}; F32, F16 and BF16 are read");
        IReadOnlyList<long> size = entry.Dimensions;
        Shape expected = tensor.Shape;
        bool fits = (size.Count == 2 && size[0] == expected.Rows && size[1] == expected.Columns)
            || (size.Count == 1 && expected.Rows == 1 && size[0] == expected.Columns);
        if (!fits)
            return TensorProblem.Of(
                TensorProblemCode.BadShape, entry.Name,
                $"is {string.Join('x', size)}, the model's is {string.Join('x', tensor.FileDimensions)}");
        return expected.Elements <= int.MaxValue ? null : TensorProblem.Of(
            TensorProblemCode.TooLarge, entry.Name, $"has more than {int.MaxValue} elements");
    }
}
