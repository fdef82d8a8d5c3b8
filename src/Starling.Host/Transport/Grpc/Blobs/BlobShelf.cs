using System.Collections.Concurrent;
using Starling.Host.Ports;
using Starling.Protocol.Hashing;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>What this node can send parts of: the blobs of its store, and those that it is fetching itself.</summary>
internal sealed class BlobShelf(IBlobStore blobs, TimeProvider time) : IDisposable
{
    /// <summary>Blobs kept open for the next request, and their bytes: a tree takes a sixteenth of its blob.</summary>
    private const int Kept = 16;

    private const long KeptBytes = 2L << 30;

    /// <summary>After so long the store opens a blob anew, which verifies it.</summary>
    private static readonly TimeSpan s_trusted = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Hash256, PartialBlob> _coming = new();
    private readonly Lock _gate = new();
    private readonly LinkedList<StoredBlob> _kept = new();

    public void Add(PartialBlob coming) => _coming[coming.Content] = coming;

    public void Remove(PartialBlob coming) => _coming.TryRemove(new(coming.Content, coming));

    /// <summary>The blob, or what is here of it; null when that is nothing.</summary>
    /// <exception cref="StorageException">The store failed.</exception>
    public IPartSource? Find(Hash256 content)
    {
        if (_coming.TryGetValue(content, out var coming) && coming.Parts > 0)
            return coming;
        lock (_gate)
            return OfStore(content);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var blob in _kept)
                blob.Dispose();
            _kept.Clear();
        }
    }

    private StoredBlob? OfStore(Hash256 content)
    {
        var known = _kept.FirstOrDefault(b => b.Tree.Root == content);
        if (known is not null)
        {
            _kept.Remove(known);
            if (time.GetElapsedTime(known.Opened) < s_trusted)
            {
                _kept.AddFirst(known);
                return known;
            }

            known.Dispose();
        }

        if (blobs.Open(content) is not { } stream)
            return null;
        var opened = new StoredBlob(known?.Tree ?? StoredBlob.TreeOf(stream), stream, time.GetTimestamp());
        _kept.AddFirst(opened);
        while (_kept.Count > 1 && (_kept.Count > Kept || _kept.Sum(b => b.Tree.Length) > KeptBytes))
        {
            _kept.Last!.Value.Dispose();
            _kept.RemoveLast();
        }

        return opened;
    }
}
