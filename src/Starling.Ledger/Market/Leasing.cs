using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Market;

/// <summary>Leases from match to end.</summary>
internal static class Leasing
{
    private const ulong PricedWork = 1_000_000_000;

    /// <summary>The price of work at micro-credits per 10^9 units, rounded up.</summary>
    public static Credits PriceOf(ulong work, ulong price) => new(Ppm.DivideUp((UInt128)work * price, PricedWork));

    public static void Match(Step step, JobRecord job, OfferRecord offer)
    {
        var lease = new LeaseRecord(
            job.Id, job.NextLease, offer.Id, offer.Provider, offer.Terms.Price, step.Height, [], 0)
        {
            Minimum = offer.Terms.Minimum,
        };
        step.State.Offers.Put(offer with { Leased = offer.Leased + 1 });
        step.State.Leases.Put(lease);
        step.State.Jobs.Put(job with { ActiveLeases = job.ActiveLeases + 1, NextLease = job.NextLease + 1 });
        step.Emit(new MatchedLease(job.Id, lease.Id, offer.Id, offer.Provider, lease.Price));
    }

    /// <summary>The current attempt of a task no longer occupies its lease.</summary>
    public static void Finished(Step step, TaskRecord task)
    {
        if (step.State.Leases.Find(task.Current.Lease) is not { } lease)
            return;
        lease = lease with
        {
            Tasks = Array.FindAll(lease.Tasks, t => t != task.Id),
            Work = lease.Work - task.Issue.Work,
        };
        step.State.Leases.Put(lease);
        if (lease.Tasks.Length == 0 && step.State.Offers.Get(lease.Offer).OffBook)
            Drop(step, lease, DropReason.Withdrawn);
    }

    /// <summary>Ends a lease, and the attempts under it that were not committed.</summary>
    public static void Drop(Step step, LeaseRecord old, DropReason reason)
    {
        // Dropping one lease of a list may have ended another.
        if (step.State.Leases.Find(old.Id) is not { } lease)
            return;
        step.State.Leases.Remove(lease.Id);
        var job = step.State.Jobs.Get(lease.Job);
        step.State.Jobs.Put(job with { ActiveLeases = job.ActiveLeases - 1 });
        step.Emit(new LeaseDropped(lease.Job, lease.Id, lease.Provider, reason));
        Offers.Freed(step, lease.Offer);
        foreach (var id in lease.Tasks)
        {
            // Losing one task may have ended another of the same lease.
            var task = step.State.Tasks.Get(id);
            if (task.Current is { Status: AttemptStatus.Issued } current && current.Lease == lease.Id)
                Failing.Lose(step, task, AttemptStatus.Dropped);
        }
    }

    public static void DropAll(Step step, NodeId provider, DropReason reason)
    {
        foreach (var lease in step.State.LeasesOf(provider))
            Drop(step, lease, reason);
    }
}
