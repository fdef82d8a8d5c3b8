using System.Collections.Concurrent;
using Starling.Host.Driver;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Protocol.Identity;

namespace Starling.Host.Transport.Grpc.Links;

/// <summary>
/// Keeps this node linked with every address it knows: the seeds for ever, the learned ones while somebody answers.
/// Waits a tenth of a second after the first failure, twice as long after each further one, at most a second.
/// </summary>
internal sealed class Dialler(
    PeerSelf self, PeerHost host, PeerTable links, AddressBook book, TimeProvider time, Action<NodeReport> report)
{
    /// <summary>Addresses kept up at once.</summary>
    private const int MaxAddresses = 64;

    /// <summary>Failures in a row after which a learned address is given up.</summary>
    private const int MaxFailures = 60;

    /// <summary>Pause after a refusal that will not change by itself.</summary>
    private static readonly TimeSpan s_refused = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Task> _kept = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Dials the seeds, and whatever is learned, until stopped.</summary>
    public async Task Run(IEnumerable<string> seeds, CancellationToken stop)
    {
        foreach (var seed in seeds)
            Start(seed, isSeed: true, stop);
        await foreach (var address in book.News.ReadAllAsync(stop))
            Start(address, isSeed: false, stop);
    }

    /// <summary>Completes when every attempt has ended after a stop.</summary>
    public Task Ended() => Task.WhenAll(_kept.Values);

    private void Start(string address, bool isSeed, CancellationToken stop)
    {
        if (self.Addresses.Contains(address) || _kept.ContainsKey(address) || _kept.Count >= MaxAddresses)
            return;
        _kept[address] = Task.Run(() => Keep(address, isSeed, stop), CancellationToken.None);
    }

    private async Task Keep(string address, bool isSeed, CancellationToken stop)
    {
        var (failures, wait) = (0, PeerTimes.FirstRetry);
        try
        {
            while (isSeed || failures < MaxFailures)
            {
                if (book.NodeAt(address) is { } known)
                    await WhileLinked(known, stop);
                var outcome = await host.Dial(address, stop);
                if (outcome.Linked || (outcome.Refusal?.Code == RefusalCode.AlreadyLinked && await WhileLinked(outcome.Peer!.Value, stop)))
                    (failures, wait) = (0, PeerTimes.FirstRetry);
                else if (failures++ == 0)
                    Tell(address, outcome);
                var pause = outcome.Refusal is { Code: not RefusalCode.AlreadyLinked } refusal ? PauseOf(refusal) : wait;
                await Task.Delay(Jittered(pause), time, stop);
                wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, PeerTimes.LastRetry.Ticks));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }

        _kept.TryRemove(address, out _);
        book.Forget(address);
    }

    /// <summary>While the peer dialled this node there is nothing to do. False when there is no link with it.</summary>
    private async Task<bool> WhileLinked(NodeId peer, CancellationToken stop)
    {
        if (links.Find(peer) is not { } link)
            return false;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = link.Closed.Register(ended.SetResult);
        await ended.Task.WaitAsync(stop);
        return true;
    }

    private static TimeSpan PauseOf(Refusal refusal) =>
        refusal.RetrySeconds == 0 ? s_refused : TimeSpan.FromSeconds(Math.Min(refusal.RetrySeconds, 60));

    // Nodes that lost the same peer do not all come back at one instant.
    private static TimeSpan Jittered(TimeSpan wait) => wait * (0.75 + (Random.Shared.NextDouble() / 2));

    private void Tell(string address, DialOutcome outcome) => report(new NodeReport(
        self.Name, outcome.Refusal is null ? "peer.unreachable" : "peer.refused-us", new Dictionary<string, object>
        {
            ["address"] = address,
            ["reason"] = outcome.Reason,
        }));
}
