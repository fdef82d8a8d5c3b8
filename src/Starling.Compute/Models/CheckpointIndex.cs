using Starling.Compute.Tensors;

namespace Starling.Compute.Models;

/// <summary>The tensors of all files of a checkpoint by name, each taken once.</summary>
internal sealed class CheckpointIndex
{
    private readonly Dictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> tensors = new(StringComparer.Ordinal);

    /// <summary>Names that nobody took, in ordinal order.</summary>
    public IEnumerable<string> Rest => tensors.Keys.Order(StringComparer.Ordinal);

    public bool Contains(string name) => tensors.ContainsKey(name);

    public TensorProblem? Add(SafetensorsFile file)
    {
        foreach (SafetensorsEntry entry in file.Entries)
            if (!tensors.TryAdd(entry.Name, (file, entry)))
                return TensorProblem.Of(TensorProblemCode.DuplicateName, entry.Name, "occurs in two files");
        return null;
    }

    /// <summary>Removes and returns the tensor of the first of these names that is there.</summary>
    public (SafetensorsFile File, SafetensorsEntry Entry)? Take(IEnumerable<string> names)
    {
        foreach (string name in names)
            if (tensors.Remove(name, out (SafetensorsFile, SafetensorsEntry) found))
                return found;
        return null;
    }
}
