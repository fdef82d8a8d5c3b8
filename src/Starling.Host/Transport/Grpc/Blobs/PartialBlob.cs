using System.Runtime.InteropServices;
using Google.Protobuf;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>
/// The parts of a blob that are here so far, in whatever order they came, with what proves each of them: whoever else
/// fetches the blob can have them already. Both outlive the connection and the process. Every part is verified before it
/// is taken, also one that a file held, and the whole once more when it enters the store.
/// </summary>
internal sealed class PartialBlob : IPartSource, IDisposable
{
    private const string ProofsSuffix = ".proofs";

    private readonly long _maxBytes;
    private readonly FileStream _bytes;
    private readonly FileStream _proofs;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, BlobPart> _parts = [];
    private readonly PartSet _have = new();
    private long _total = -1;
    private bool _closed;

    private PartialBlob(Hash256 content, long maxBytes, FileStream bytes, FileStream proofs)
    {
        (Content, _maxBytes, _bytes, _proofs) = (content, maxBytes, bytes, proofs);
        Recover();
    }

    public Hash256 Content { get; }

    /// <inheritdoc/>
    public int Parts
    {
        get
        {
            lock (_gate)
                return _total < 0 ? 0 : (int)PartsOf(_total);
        }
    }

    /// <summary>Parts that are here.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _have.Count;
        }
    }

    /// <summary>True when no part is missing.</summary>
    public bool IsWhole
    {
        get
        {
            lock (_gate)
                return _total >= 0 && _have.Count == PartsOf(_total);
        }
    }

    /// <exception cref="StorageException">The disk failed.</exception>
    public static PartialBlob Open(string folder, Hash256 content, long maxBytes)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, new ContentId(content).ToString());
            return new PartialBlob(content, maxBytes, OpenFile(path), OpenFile(path + ProofsSuffix));
        }
        catch (IOException e)
        {
            throw StorageException.From(e, folder);
        }
    }

    /// <inheritdoc/>
    public bool Has(int part)
    {
        lock (_gate)
            return _have.Contains(part);
    }

    /// <summary>The parts that are here, as a request leaves them out.</summary>
    public ByteString Have()
    {
        lock (_gate)
            return ByteString.CopyFrom(_have.Bits);
    }

    /// <inheritdoc/>
    public BlobPart? Read(int part)
    {
        lock (_gate)
        {
            if (_closed || !_parts.TryGetValue(part, out var proof))
                return null;
            var read = proof.Clone();
            var data = new byte[BytesOf(part, _total)];
            RandomAccess.Read(_bytes.SafeFileHandle, data, (long)part * PeerLimits.PartBytes);
            read.Data = UnsafeByteOperations.UnsafeWrap(data);
            return read;
        }
    }

    /// <summary>Takes a part.</summary>
    /// <param name="part">As a peer sent it.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    /// <returns>True when it is right and was missing.</returns>
    /// <exception cref="StorageException">The disk failed.</exception>
    public bool TryAdd(BlobPart part, out string? problem)
    {
        problem = Check(part);
        if (problem is not null)
            return false;
        lock (_gate)
        {
            if (_closed || _have.Contains((int)part.Part))
                return false;
            var proof = ProofOf(part);
            try
            {
                RandomAccess.Write(_bytes.SafeFileHandle, part.Data.Span, (long)part.Part * PeerLimits.PartBytes);
                proof.WriteDelimitedTo(_proofs);
            }
            catch (IOException e)
            {
                throw StorageException.From(e, _bytes.Name);
            }

            Keep(proof);
            return true;
        }
    }

    /// <summary>Moves the whole blob into the store. False when a file was changed meanwhile: all begins anew.</summary>
    /// <exception cref="StorageException">The store failed.</exception>
    public bool TryFinish(IBlobStore store)
    {
        _bytes.Position = 0;
        return store.TryPut(_bytes, Content) || Restart();
    }

    /// <summary>Closes the files, and removes them unless they are worth going on with.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            _bytes.Dispose();
            _proofs.Dispose();
            if (_have.Count > 0 && _have.Count < PartsOf(_total))
                return;
            File.Delete(_bytes.Name);
            File.Delete(_proofs.Name);
        }
    }

    private static FileStream OpenFile(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static long PartsOf(long total) => Math.Max(1, (total + PeerLimits.PartBytes - 1) / PeerLimits.PartBytes);

    private static int BytesOf(int part, long total) =>
        (int)Math.Min(PeerLimits.PartBytes, total - ((long)part * PeerLimits.PartBytes));

    private string? Check(BlobPart part)
    {
        if (part.TotalLength > (ulong)_maxBytes)
            return $"says that the blob has {part.TotalLength} bytes; this node takes {_maxBytes}";
        if (part.Siblings.Length % Hash256.Size != 0)
            return "siblings are not whole hashes";
        var total = (long)part.TotalLength;
        if (part.Part >= (ulong)PartsOf(total))
            return $"part {part.Part} is beyond the blob's {total} bytes";
        var first = (long)part.Part * PeerLimits.PartChunks;
        var chunks = Math.Max(1, (total + Blake3.ChunkSize - 1) / Blake3.ChunkSize);
        var range = new ChunkRange(first, (int)Math.Min(PeerLimits.PartChunks, chunks - first));
        var siblings = MemoryMarshal.ToEnumerable(part.Siblings.Memory).Chunk(Hash256.Size).Select(b => new Hash256(b));
        var opening = new ChunkOpening([range], [.. siblings], part.Tail.ToByteArray());
        return ChunkTree.Verify(Content, total, opening, part.Data.Span) ? null : $"part {part.Part} is not of this blob";
    }

    // Every opening but the last part's holds the same last chunk.
    private BlobPart ProofOf(BlobPart part)
    {
        var tail = _parts.Values.FirstOrDefault(p => p.Tail.Length > 0)?.Tail;
        return new BlobPart
        {
            Part = part.Part,
            TotalLength = part.TotalLength,
            Siblings = part.Siblings,
            Tail = tail is not null && tail.Equals(part.Tail) ? tail : part.Tail,
        };
    }

    private void Keep(BlobPart proof)
    {
        _total = (long)proof.TotalLength;
        _parts[(int)proof.Part] = proof;
        _have.Add((int)proof.Part);
    }

    // A kill may have left half a proof, or one whose part is not in the file: what fails to verify is fetched again.
    private void Recover()
    {
        try
        {
            while (_proofs.Position < _proofs.Length)
            {
                var proof = BlobPart.Parser.ParseDelimitedFrom(_proofs);
                var at = (long)proof.Part * PeerLimits.PartBytes;
                if (proof.Part > int.MaxValue || proof.TotalLength > (ulong)_maxBytes || at > (long)proof.TotalLength)
                    continue;
                var data = new byte[BytesOf((int)proof.Part, (long)proof.TotalLength)];
                RandomAccess.Read(_bytes.SafeFileHandle, data, at);
                var part = new BlobPart(proof) { Data = UnsafeByteOperations.UnsafeWrap(data) };
                if (Check(part) is null && !_have.Contains((int)proof.Part))
                    Keep(proof);
            }
        }
        catch (InvalidProtocolBufferException)
        {
        }

        _proofs.SetLength(0);
        foreach (var proof in _parts.Values)
            proof.WriteDelimitedTo(_proofs);
    }

    private bool Restart()
    {
        lock (_gate)
        {
            _bytes.SetLength(0);
            _proofs.SetLength(0);
            _parts.Clear();
            _have.Clear();
            _total = -1;
        }

        return false;
    }
}
