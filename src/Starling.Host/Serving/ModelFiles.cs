using Starling.Host.Ports;
using Starling.Node.Roles.Serving;
using Starling.Protocol.Hashing;

namespace Starling.Host.Serving;

/// <summary>A model's folder as blobs, and back.</summary>
public static class ModelFiles
{
    private static readonly string[] s_kinds = [".json", ".safetensors", ".jinja", ".txt", ".model"];

    /// <summary>Puts the files of a model's folder into a store.</summary>
    /// <exception cref="IOException">A file cannot be read or kept; the message names it.</exception>
    public static EndpointModel Import(string name, string folder, IBlobStore blobs)
    {
        var files = new List<EndpointFile>();
        foreach (var path in Directory.EnumerateFiles(folder).Where(f => s_kinds.Contains(Path.GetExtension(f)))
            .OrderBy(static f => Path.GetFileName(f), StringComparer.Ordinal))
        {
            var hasher = new Blake3Hasher();
            using var file = File.OpenRead(path);
            var buffer = new byte[1 << 20];
            for (int read; (read = file.Read(buffer)) > 0;)
                hasher.Update(buffer.AsSpan(0, read));
            var content = hasher.Finish();
            file.Position = 0;
            if (!blobs.Has(content) && !blobs.TryPut(file, content))
                throw new IOException($"{path} changed while it was read: try again");
            files.Add(new EndpointFile(Path.GetFileName(path), content));
        }

        return new EndpointModel(name, [.. files]);
    }

    /// <summary>Writes the files into a folder; false where one is not in the store.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static bool Export(EndpointModel model, IBlobStore blobs, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in model.Files)
        {
            using var blob = blobs.Open(file.Content);
            if (blob is null)
                return false;
            using var target = File.Create(Path.Combine(folder, file.Name));
            blob.CopyTo(target);
        }

        return true;
    }
}
