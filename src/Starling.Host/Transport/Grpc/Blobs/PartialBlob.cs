using System.Runtime.InteropServices;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>
/// The parts of a blob that are here so far, in a file that outlives the connection and the process. Every part is
/// verified before it is written, and the whole once more when it enters the store, since the file may have been
/// changed in between.
/// </summary>
internal sealed class PartialBlob : IDisposable
{
    private readonly Hash256 _content;
    private readonly long _maxBytes;
    private readonly FileStream _file;
    private long _total = -1;

    private PartialBlob(Hash256 content, long maxBytes, FileStream file)
    {
        (_content, _maxBytes, _file) = (content, maxBytes, file);

        // A kill may have left half a part. At least one part is fetched anew: it tells the length.
        NextPart = file.Length == 0 ? 0 : (ulong)((file.Length - 1) / PeerLimits.PartBytes);
        file.SetLength((long)NextPart * PeerLimits.PartBytes);
        file.Position = file.Length;
    }

    /// <summary>The first part that is missing.</summary>
    public ulong NextPart { get; private set; }

    /// <summary>True when no part is missing.</summary>
    public bool IsWhole => _total >= 0 && _file.Length == _total;

    /// <exception cref="StorageException">The disk failed.</exception>
    public static PartialBlob Open(string folder, Hash256 content, long maxBytes)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, new ContentId(content).ToString());
            return new PartialBlob(
                content, maxBytes, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw StorageException.From(e, folder);
        }
    }

    /// <summary>Takes the next part; what is wrong with it, or null when it was taken.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public string? Add(BlobPart part)
    {
        if (part.TotalLength > (ulong)_maxBytes)
            return $"says that the blob has {part.TotalLength} bytes; this node takes {_maxBytes}";
        if (part.Part != NextPart)
            return $"part {part.Part} came where {NextPart} was due";
        if (part.Siblings.Length % Hash256.Size != 0)
            return "siblings are not whole hashes";
        var total = (long)part.TotalLength;
        var first = (long)part.Part * PeerLimits.PartChunks;
        var chunks = Math.Max(1, (total + Blake3.ChunkSize - 1) / Blake3.ChunkSize);
        if (first >= chunks)
            return $"part {part.Part} is beyond the blob's {total} bytes";
        var count = (int)Math.Min(PeerLimits.PartChunks, chunks - first);
        var siblings = MemoryMarshal.ToEnumerable(part.Siblings.Memory).Chunk(Hash256.Size).Select(b => new Hash256(b));
        var opening = new ChunkOpening([new ChunkRange(first, count)], [.. siblings], part.Tail.ToByteArray());
        if (!ChunkTree.Verify(_content, total, opening, part.Data.Span))
            return $"part {part.Part} is not of this blob";
        Write(part.Data.Span);
        (_total, NextPart) = (total, NextPart + 1);
        return null;
    }

    /// <summary>Moves the whole blob into the store. False when the file was changed meanwhile: all begins anew.</summary>
    /// <exception cref="StorageException">The store failed.</exception>
    public bool TryFinish(IBlobStore store)
    {
        _file.Position = 0;
        var kept = store.TryPut(_file, _content);
        if (!kept)
            Restart();
        return kept;
    }

    public void Restart()
    {
        _file.SetLength(0);
        (_total, NextPart) = (-1, 0);
    }

    /// <summary>Closes the file, and removes it unless it is worth going on with.</summary>
    public void Dispose()
    {
        var (path, keep) = (_file.Name, !IsWhole && NextPart > 0);
        _file.Dispose();
        if (!keep)
            File.Delete(path);
    }

    private void Write(ReadOnlySpan<byte> data)
    {
        try
        {
            _file.Write(data);
        }
        catch (IOException e)
        {
            throw StorageException.From(e, _file.Name);
        }
    }
}
