using Starling.Programs.Jobs;
using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Verifying;

/// <summary>
/// Bytes on this disk by their content id: the job's data, files beside the receipt, its archive, and a folder of blobs
/// such as a node keeps. Read only; whoever asks checks what it gets.
/// </summary>
internal sealed class BlobsAtHand
{
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _held = [];
    private readonly ArchiveFile? _archive;
    private readonly string _folder;

    /// <param name="source">A receipt that verifies.</param>
    /// <param name="data">The job's data; null for the path that the job names, where there is such a file.</param>
    /// <param name="folder">A node's folder of blobs; it need not exist.</param>
    public BlobsAtHand(ReceiptSource source, string? data, string folder)
    {
        (_archive, _folder) = (source.Archive, folder);
        foreach (var file in source.Files)
            _held[Blake3.Hash(file.Bytes.Span)] = file.Bytes;
        if (data is not null && !File.Exists(data))
            throw new CliException(ExitCode.BadInput, $"--data: there is no file {data}");
        data ??= RecordCodec.Decode<JobSpec>(source.Receipt!.Spec).Train.Dataset;
        if (_archive is null && File.Exists(data) && File.ReadAllBytes(data) is var bytes)
            _held[Blake3.Hash(bytes)] = bytes;
    }

    public ReadOnlyMemory<byte>? Find(Hash256 content)
    {
        if (_held.TryGetValue(content, out var bytes))
            return bytes;
        if (_archive is { } archive)
            return archive.Find(content);
        var name = new ContentId(content).ToString();
        foreach (var path in (string[])[Path.Combine(_folder, name[^2..], name), Path.Combine(_folder, name)])
            if (File.Exists(path))
                return File.ReadAllBytes(path);
        return null;
    }
}
