using System.Collections.Concurrent;
using Starling.Host.Ports;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>Brings blobs from linked peers into the store, a few at once.</summary>
/// <param name="peers">Who can be asked.</param>
/// <param name="shelf">Shows others the parts that are here already.</param>
/// <param name="store">Where whole blobs go.</param>
/// <param name="folder">Where parts wait.</param>
/// <param name="maxBytes">The largest blob taken.</param>
internal sealed class BlobDownloads(
    BlobPeering peers, BlobShelf shelf, IBlobStore store, string folder, long maxBytes) : IDisposable
{
    private const int FetchesAtOnce = 4;

    private readonly SemaphoreSlim _slots = new(FetchesAtOnce);
    private readonly ConcurrentDictionary<Hash256, Task<bool>> _running = new();
    private readonly Lock _gate = new();

    /// <summary>True when the blob is in the store afterwards. Several who want one blob share one fetch.</summary>
    /// <exception cref="StorageException">The store failed.</exception>
    public Task<bool> Fetch(Hash256 content, IReadOnlyList<NodeId> holders, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(content, out var running))
                return running.WaitAsync(cancel);
            var fetch = Task.Run(() => FetchOne(content, holders, cancel), cancel);
            _running[content] = fetch;
            fetch.ContinueWith(
                _ => _running.TryRemove(content, out var _), CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return fetch;
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<bool> FetchOne(Hash256 content, IReadOnlyList<NodeId> holders, CancellationToken cancel)
    {
        using (var own = store.Open(content))
        {
            if (own is not null)
                return true;
        }

        await _slots.WaitAsync(cancel);
        try
        {
            using var partial = PartialBlob.Open(folder, content, maxBytes);
            shelf.Add(partial);
            try
            {
                return await new BlobFetch(partial, peers, holders).Run(cancel) && partial.TryFinish(store);
            }
            finally
            {
                shelf.Remove(partial);
            }
        }
        finally
        {
            _slots.Release();
        }
    }
}
