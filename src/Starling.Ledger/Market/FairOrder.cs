using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Market;

/// <summary>
/// Who leases next where shares replace price: the owner with the fewest leases for its share, among equals the one that
/// used less lately, then by key; of its orders the oldest. One lease at a time, so that nobody takes the book first.
/// </summary>
internal sealed class FairOrder
{
    private readonly PriorityQueue<Owner, Turn> _owners = new();

    /// <param name="step">The batch.</param>
    /// <param name="orders">Jobs that lack leases, oldest first.</param>
    public FairOrder(Step step, IEnumerable<JobRecord> orders)
    {
        var owners = new Dictionary<NodeId, Owner>();
        foreach (var job in orders)
        {
            if (!owners.TryGetValue(job.Owner, out var owner))
                owners.Add(job.Owner, owner = new Owner(step, job.Owner));
            owner.Orders.Enqueue(job.Id);
        }

        foreach (var lease in step.State.Leases.InOrder())
        {
            if (owners.TryGetValue(step.State.Jobs.Get(lease.Job).Owner, out var owner))
                owner.Held++;
        }

        foreach (var (id, owner) in owners)
            _owners.Enqueue(owner, owner.Turn(id));
    }

    /// <summary>The job whose turn it is; null when none is left.</summary>
    public JobId? Peek() => _owners.TryPeek(out var owner, out _) ? owner.Orders.Peek() : null;

    /// <summary>It took a lease, or found none or lacks none any more.</summary>
    public void Went(bool took, bool lacks)
    {
        _owners.TryDequeue(out var owner, out var turn);
        owner!.Held += took ? 1u : 0;
        if (!took || !lacks)
            owner.Orders.Dequeue();
        if (owner.Orders.Count > 0)
            _owners.Enqueue(owner, owner.Turn(turn.Owner));
    }

    private sealed class Owner
    {
        private readonly ulong _share;
        private readonly Credits _used;

        public Owner(Step step, NodeId id)
        {
            var grant = step.State.Grants.Find(id);
            _share = Math.Max(grant?.Share ?? 1, 1);
            _used = grant is null ? Credits.Zero : Grants.Halved(step, grant).Used;
        }

        public uint Held { get; set; }

        public Queue<JobId> Orders { get; } = [];

        public Turn Turn(NodeId id) => new(Held, _used.Micro, _share, id);
    }

    /// <summary>Fractions are compared by their products: a share is at most 10^6 and every amount below 2^64.</summary>
    private readonly record struct Turn(uint Held, UInt128 Used, ulong Share, NodeId Owner) : IComparable<Turn>
    {
        public int CompareTo(Turn other)
        {
            var order = ((UInt128)Held * other.Share).CompareTo((UInt128)other.Held * Share);
            if (order == 0) order = (Used * other.Share).CompareTo(other.Used * Share);
            return order == 0 ? Owner.CompareTo(other.Owner) : order;
        }
    }
}
