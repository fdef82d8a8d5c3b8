using Starling.Proofs.Receipts;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Verifying;

/// <summary>
/// Bytes on this disk by their content id: the job's data, files beside the receipt, and a folder of blobs such as a
/// node keeps. Read only; whoever asks checks what it gets.
/// </summary>
internal sealed class BlobsAtHand
{
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _held = [];
    private readonly List<string> _folders = [];

    public void Add(ReadOnlyMemory<byte> bytes) => _held[Blake3.Hash(bytes.Span)] = bytes;

    public void Add(IEnumerable<Artefact> files)
    {
        foreach (var file in files)
            Add(file.Bytes);
    }

    /// <summary>A node's store, or its folder <c>blobs</c>; nothing when there is none.</summary>
    public void AddFolder(string folder)
    {
        if (Directory.Exists(folder))
            _folders.Add(folder);
    }

    public ReadOnlyMemory<byte>? Find(Hash256 content)
    {
        if (_held.TryGetValue(content, out var bytes))
            return bytes;
        var name = new ContentId(content).ToString();
        foreach (var folder in _folders)
            foreach (var path in (string[])[Path.Combine(folder, name[^2..], name), Path.Combine(folder, name)])
                if (File.Exists(path))
                    return File.ReadAllBytes(path);
        return null;
    }
}
