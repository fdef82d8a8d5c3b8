using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Serving;

/// <summary>
/// A gateway's own endpoints: opens their jobs, makes them endpoints, keeps a channel to each worker that holds a lease,
/// and shows who can be asked. Everything but the orders follows from the ledger and from what workers tell.
/// </summary>
/// <param name="node">The gateway.</param>
/// <param name="state">The ledger as it has it.</param>
/// <param name="outbox">Takes its transactions.</param>
/// <param name="isAway">Whether a worker is known to be out of reach.</param>
internal sealed class EndpointDesk(
    NodeSettings node, LedgerState state, TransactionOutbox outbox, Func<NodeId, bool> isAway)
{
    /// <summary>What the job itself needs; answers are paid from channels.</summary>
    private const ulong Escrow = 1_000_000;

    /// <summary>Milliseconds between two looks where nothing is known to have changed.</summary>
    private const int LookMs = 250;

    private readonly SortedDictionary<Hash256, Kept> _kept = [];
    private readonly Dictionary<(JobId, NodeId), TellServing> _told = [];
    private (ulong Height, Timestamp Until) _seen;

    public void Keep(string asker, EndpointOrder order, EffectList effects)
    {
        var spec = Blake3.Hash(order.Model);
        effects.Add(new PutBlob(order.Model));
        _kept[spec] = new Kept(asker, order);
        Notice();
    }

    /// <summary>Something changed that the ledger does not show.</summary>
    public void Notice() => _seen = default;

    /// <summary>Takes a message; false when it is not one of this desk's.</summary>
    public bool Take(Input input)
    {
        if (input is not MessageReceived { Message: TellServing told } message)
            return false;
        if (state.LeasesOf(told.Endpoint).Any(l => l.Provider == message.From))
            _told[(told.Endpoint, message.From)] = told;
        Notice();
        return true;
    }

    public void Act(Timestamp now, EffectList effects)
    {
        if (_kept.Count == 0 || (_seen.Height == state.Height && now < _seen.Until))
            return;
        _seen = (state.Height, now.After(LookMs));
        foreach (var (spec, kept) in _kept)
        {
            var job = Find(spec, kept);
            if (job is null)
                Open(now, spec, kept.Order, effects);
            else if (job.Endpoint is null)
                outbox.Submit(now, $"endpoint/{job.Id}", new OpenEndpoint(job.Id, kept.Order.Terms), effects);
            Show(now, kept, job, effects);
        }
    }

    private JobRecord? Find(Hash256 spec, Kept kept)
    {
        if (kept.Job is { } known && state.Jobs.Find(known) is { Status: JobStatus.Open } open)
            return open;
        var found = state.Jobs.InOrder().FirstOrDefault(j =>
            j.Owner == node.Self && j.Order.Spec == spec && j.Status == JobStatus.Open
            && (j.Endpoint is null || j.Endpoint.Terms == kept.Order.Terms));
        kept.Job = found?.Id;
        return found;
    }

    private void Open(Timestamp now, Hash256 spec, EndpointOrder order, EffectList effects) => outbox.Submit(
        now, $"serve/{spec}",
        new OpenJob(
            spec, long.MaxValue, order.MaxPrice, Escrow, order.Replicas, order.Capability, order.Region, 1, now.After(order.ForMs),
            order.Verification, node.Self),
        effects);

    private void Show(Timestamp now, Kept kept, JobRecord? job, EffectList effects)
    {
        var replicas = new List<ReplicaView>();
        foreach (var worker in job?.Endpoint is null ? [] : state.LeasesOf(job.Id).Select(static l => l.Provider).Distinct())
        {
            if (Channel(now, worker, kept.Order.ChannelMicro, effects) is not { } channel)
                continue;
            var told = isAway(worker) ? null : _told.GetValueOrDefault((job!.Id, worker));
            replicas.Add(new ReplicaView(worker, channel.Id, told?.Running ?? 0, told?.Capacity ?? 0));
        }

        var id = job?.Endpoint is null ? (JobId?)null : job.Id;
        if (kept.Shown is { } last && last.Endpoint == id && last.Replicas.SequenceEqual(replicas))
            return;
        kept.Shown = new EndpointView(id, replicas);
        effects.Add(new Reply(kept.Asker, kept.Shown, Last: false));
    }

    /// <summary>The channel to a worker, filled up when half of it is gone; null while there is none yet.</summary>
    private ChannelRecord? Channel(Timestamp now, NodeId worker, ulong micro, EffectList effects)
    {
        var channel = state.Channels.InOrder().FirstOrDefault(c => c.Payer == node.Self && c.Payee == worker && c.Closes is null);
        if (channel is null)
            outbox.Submit(now, $"channel/{worker}", new OpenChannel(worker, micro), effects);
        else if (channel.Left.Micro < micro / 2)
            outbox.Submit(
                now, $"fill/{channel.Id.Hash}", new TopUpChannel(channel.Id, micro - (ulong)channel.Left.Micro), effects);
        return channel;
    }

    private sealed class Kept(string asker, EndpointOrder order)
    {
        public string Asker => asker;

        public EndpointOrder Order => order;

        public JobId? Job { get; set; }

        public EndpointView? Shown { get; set; }
    }
}
