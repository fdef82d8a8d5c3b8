using Starling.Compute.Tensors;

namespace Starling.Compute.Models;

/// <summary>The files of a model's folder. Sources stay open until their owner closes the folder.</summary>
public interface IModelFolder
{
    /// <summary>The file of this name, directly in the folder; null where there is none.</summary>
    IByteSource? Open(string name);
}
