using System.Collections.Concurrent;
using Starling.Host.Ports;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport;

/// <summary>Blobs between the nodes of one process: copied from a holder's store, verified on both sides.</summary>
public sealed class MemoryBlobExchange : IDisposable
{
    private const int FetchesAtOnce = 4;

    private readonly ConcurrentDictionary<NodeId, IBlobStore> _stores = new();
    private readonly SemaphoreSlim _slots = new(FetchesAtOnce);

    public void Attach(NodeId node, IBlobStore store) => _stores[node] = store;

    public void Detach(NodeId node) => _stores.TryRemove(node, out _);

    /// <summary>The exchange as seen from one node.</summary>
    public IBlobExchange Endpoint(NodeId self, IBlobStore store) => new MemoryExchangeEndpoint(this, self, store);

    public void Dispose() => _slots.Dispose();

    private async Task<bool> Fetch(
        NodeId self, IBlobStore store, Hash256 content, IReadOnlyList<NodeId> holders, CancellationToken cancel)
    {
        await _slots.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Copy(self, store, content, holders), cancel);
        }
        finally
        {
            _slots.Release();
        }
    }

    // Whoever was named as a holder comes first; anybody else's copy is as good, since it is verified.
    private bool Copy(NodeId self, IBlobStore store, Hash256 content, IReadOnlyList<NodeId> holders)
    {
        using (var own = store.Open(content))
        {
            if (own is not null)
                return true;
        }

        foreach (var holder in holders.Concat(_stores.Keys).Distinct())
        {
            if (holder == self || !_stores.TryGetValue(holder, out var peer))
                continue;
            using var bytes = peer.Open(content);
            if (bytes is not null && store.TryPut(bytes, content))
                return true;
        }

        return false;
    }

    private sealed class MemoryExchangeEndpoint(MemoryBlobExchange exchange, NodeId self, IBlobStore store) : IBlobExchange
    {
        public Task<bool> Fetch(Hash256 content, IReadOnlyList<NodeId> holders, CancellationToken cancel) =>
            exchange.Fetch(self, store, content, holders, cancel);
    }
}
