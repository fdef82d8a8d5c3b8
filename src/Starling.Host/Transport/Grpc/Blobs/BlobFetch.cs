using Google.Protobuf;
using Grpc.Core;
using Starling.Host.Ports;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>
/// One blob on its way: from a few peers at once when it is large, each sending what the others have not, among them those
/// who fetch it as well. The named holders come first, then whom they name, then everybody.
/// </summary>
internal sealed class BlobFetch
{
    /// <summary>Peers asked at once.</summary>
    private const int PeersAtOnce = 4;

    /// <summary>Parts of a first request, before the blob's length is known.</summary>
    private const uint FirstParts = 8;

    /// <summary>A peer without news is pressed after so many requests without any, and left after twice as many.</summary>
    private const int Patience = 5;

    private readonly PartialBlob _partial;
    private readonly BlobPeering _peers;
    private readonly Lock _gate = new();
    private readonly LinkedList<NodeId> _named;
    private readonly HashSet<NodeId> _tried = [];
    private readonly List<Task> _helpers = [];
    private CancellationTokenSource? _stop;
    private int _asked;

    public BlobFetch(PartialBlob partial, BlobPeering peers, IReadOnlyList<NodeId> holders) =>
        (_partial, _peers, _named) = (partial, peers, new LinkedList<NodeId>(holders));

    private enum Outcome
    {
        New,
        Nothing,
        Lost,
    }

    /// <summary>True when no part is missing.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public async Task<bool> Run(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _stop = stop;
        try
        {
            while (!_partial.IsWhole && (Next() ?? Anybody()) is { } link)
            {
                await TakeFrom(link, stop.Token);
                await Helpers();
            }

            return _partial.IsWhole;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(_helpers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The next of the named peers that is linked.</summary>
    private PeerLink? Next()
    {
        lock (_gate)
        {
            while (_named.First is { } first)
            {
                _named.RemoveFirst();
                if (_tried.Add(first.Value) && _peers.Links.Find(first.Value) is { } link)
                    return link;
            }

            return null;
        }
    }

    private PeerLink? Anybody()
    {
        lock (_gate)
            return _peers.Links.All.FirstOrDefault(l => _tried.Add(l.Peer));
    }

    private async Task Helpers()
    {
        while (true)
        {
            Task[] running;
            lock (_gate)
                running = [.. _helpers];
            await Task.WhenAll(running);
            lock (_gate)
                if (_helpers.Count == running.Length)
                {
                    _helpers.Clear();
                    return;
                }
        }
    }

    private async Task TakeFrom(PeerLink link, CancellationToken cancel)
    {
        Interlocked.Increment(ref _asked);
        try
        {
            var idle = 0;
            while (!_partial.IsWhole && idle <= 2 * Patience)
            {
                var before = _partial.Count;
                var outcome = await Ask(link, idle > Patience, cancel);
                if (outcome == Outcome.Lost)
                    return;
                Widen(outcome, cancel);
                if (outcome == Outcome.Nothing)
                    await Task.Delay(PeerTimes.NothingNew, _peers.Time, cancel);
                idle = _partial.Count == before ? idle + 1 : 0;
            }
        }
        catch (OperationCanceledException) when (_partial.IsWhole)
        {
            // Another peer brought the last part.
        }
        finally
        {
            Interlocked.Decrement(ref _asked);
        }
    }

    /// <summary>One request; new parts, nothing new, or a peer that has nothing of the blob or cannot be asked.</summary>
    private async Task<Outcome> Ask(PeerLink link, bool pressing, CancellationToken cancel)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel, link.Closed);
        var request = new BlobRequest
        {
            Content = ByteString.CopyFrom(_partial.Content.ToArray()),
            Parts = Window(),
            Except = _partial.Have(),
            Pressing = pressing,
        };
        var (outcome, answers) = (Outcome.Lost, 0u);
        try
        {
            waiting.CancelAfter(PeerTimes.Part);
            await foreach (var answer in _peers.Ask(link, request, waiting.Token))
            {
                link.Heard();
                waiting.CancelAfter(PeerTimes.Part);
                if (answer.BodyCase == BlobAnswer.BodyOneofCase.Peers)
                    Learn(answer.Peers);
                else if (answers++ == request.Parts || answer.Part is null)
                    break;
                else if (_partial.TryAdd(answer.Part, out var problem))
                    outcome = Taken();
                else if (problem is not null)
                    return Punish(link, problem);
                if (outcome == Outcome.Lost)
                    outcome = Outcome.Nothing;
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or IOException and not StorageException)
        {
            cancel.ThrowIfCancellationRequested();
            return Outcome.Lost;
        }

        return outcome;
    }

    private Outcome Taken()
    {
        if (_partial.IsWhole)
            _stop!.Cancel();
        return Outcome.New;
    }

    private Outcome Punish(PeerLink link, string problem)
    {
        _peers.Penalties.Add(link.Peer, Offence.BadBlob, $"{new ContentId(_partial.Content)}: {problem}");
        link.Close("sent a wrong blob");
        return Outcome.Lost;
    }

    // Peers that are asked at once draw what they send: of an eighth each, a few parts come twice.
    private uint Window()
    {
        var parts = _partial.Parts;
        if (parts == 0)
            return FirstParts;
        var missing = parts - _partial.Count;
        return (uint)(Volatile.Read(ref _asked) == 1 ? PeerLimits.PartsAtOnce : Math.Clamp(missing / 8, 1, 32));
    }

    private void Learn(BlobPeers peers)
    {
        lock (_gate)
            foreach (var node in peers.Nodes.Take(PeerLimits.KnownNodes))
                if (node.Length == Hash256.Size && new NodeId(new Hash256(node.Span)) is var other
                    && !_tried.Contains(other) && !_named.Contains(other))
                    _named.AddFirst(other);
    }

    private void Widen(Outcome outcome, CancellationToken cancel)
    {
        lock (_gate)
        {
            var shared = outcome == Outcome.Nothing || _partial.Parts - _partial.Count > PeerLimits.SharedParts;
            if (shared && Volatile.Read(ref _asked) < PeersAtOnce && Next() is { } link)
                _helpers.Add(TakeFrom(link, cancel));
        }
    }
}
