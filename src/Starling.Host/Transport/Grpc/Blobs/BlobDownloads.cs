using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>
/// Brings blobs from linked peers: from the named holders first, then from anybody; part by part, so that the next
/// holder goes on where the last one stopped.
/// </summary>
/// <param name="links">Who can be asked.</param>
/// <param name="deliveries">Takes parts from peers that cannot be called.</param>
/// <param name="store">Where whole blobs go.</param>
/// <param name="folder">Where parts wait.</param>
/// <param name="maxBytes">The largest blob taken.</param>
/// <param name="penalties">For whoever sends other bytes than were asked for.</param>
internal sealed class BlobDownloads(
    PeerTable links, Deliveries deliveries, IBlobStore store, string folder, long maxBytes, Penalties penalties) : IDisposable
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
            foreach (var peer in holders.Concat(links.Peers).Distinct())
                if (links.Find(peer) is { } link && await FetchFrom(link, content, partial, cancel) && partial.TryFinish(store))
                    return true;
            return false;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Takes as many further parts as one peer gives; true when none is missing then.</summary>
    private async Task<bool> FetchFrom(PeerLink link, Hash256 content, PartialBlob partial, CancellationToken cancel)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel, link.Closed);
        var request = new BlobRequest
        {
            Content = ByteString.CopyFrom(content.ToArray()),
            FirstPart = partial.NextPart,
            Parts = uint.MaxValue,
        };
        try
        {
            waiting.CancelAfter(PeerTimes.Part);
            await foreach (var part in Parts(link, request, waiting.Token))
            {
                link.Heard();
                waiting.CancelAfter(PeerTimes.Part);
                if (partial.Add(part) is not { } problem)
                    continue;
                penalties.Add(link.Peer, Offence.BadBlob, $"{new ContentId(content)}: {problem}");
                link.Close("sent a wrong blob");
                return false;
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or IOException and not StorageException)
        {
            cancel.ThrowIfCancellationRequested();
        }

        return partial.IsWhole;
    }

    private IAsyncEnumerable<BlobPart> Parts(PeerLink link, BlobRequest request, CancellationToken cancel) =>
        link.Client is { } client ? Called(client, request, cancel) : deliveries.Ask(link, request, cancel);

    private static async IAsyncEnumerable<BlobPart> Called(
        Peering.PeeringClient client, BlobRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var call = client.Fetch(request, cancellationToken: cancel);
        while (await call.ResponseStream.MoveNext(cancel))
            yield return call.ResponseStream.Current;
    }
}
