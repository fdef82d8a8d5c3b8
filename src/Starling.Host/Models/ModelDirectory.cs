using Microsoft.Win32.SafeHandles;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Host.Models;

/// <summary>A model's folder on disk. Files are read in place, so they may be larger than memory.</summary>
public sealed class ModelDirectory(string path) : IModelFolder, IDisposable
{
    private readonly Dictionary<string, OpenFile> files = new(StringComparer.Ordinal);

    public IByteSource? Open(string name)
    {
        if (name != Path.GetFileName(name))
            throw new ArgumentException($"'{name}' is no file of a folder.", nameof(name));
        if (files.TryGetValue(name, out var file))
            return file;
        var full = Path.Combine(path, name);
        if (!File.Exists(full))
            return null;
        files.Add(name, file = new OpenFile(File.OpenHandle(full)));
        return file;
    }

    public void Dispose()
    {
        foreach (var file in files.Values)
            file.Dispose();
    }

    private sealed class OpenFile(SafeFileHandle handle) : IByteSource, IDisposable
    {
        public long Length { get; } = RandomAccess.GetLength(handle);

        public void Read(long offset, Span<byte> destination)
        {
            while (!destination.IsEmpty)
            {
                var read = RandomAccess.Read(handle, destination, offset);
                if (read == 0)
                    throw new EndOfStreamException("The file became shorter while it was read.");
                destination = destination[read..];
                offset += read;
            }
        }

        public void Dispose() => handle.Dispose();
    }
}
