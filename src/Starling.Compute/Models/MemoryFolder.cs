using Starling.Compute.Tensors;

namespace Starling.Compute.Models;

/// <summary>A model's folder held in memory.</summary>
public sealed class MemoryFolder : IModelFolder
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> files;

    public MemoryFolder(IEnumerable<ModelFile> files) =>
        this.files = files.ToDictionary(file => file.Name, file => (ReadOnlyMemory<byte>)file.Content, StringComparer.Ordinal);

    public IByteSource? Open(string name) =>
        files.TryGetValue(name, out ReadOnlyMemory<byte> content) ? new MemoryBytes(content) : null;
}
