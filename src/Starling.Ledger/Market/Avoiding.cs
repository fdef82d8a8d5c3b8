using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Market;

/// <summary>
/// Machines that a job's coordinator cannot reach are replaced at once instead of at their tasks' deadlines. That is the
/// coordinator's word and no proof, so it costs the provider nothing but the lease: a coordinator need not give a
/// provider tasks in the first place.
/// </summary>
internal static class Avoiding
{
    public static FailureCode Set(Step step, AvoidProviders body)
    {
        if (step.State.Jobs.Find(body.Job) is not { } job)
            return FailureCode.UnknownJob;
        if (job.Status != JobStatus.Open)
            return FailureCode.JobNotOpen;
        if (step.Sender != job.Order.Coordinator)
            return FailureCode.NotCoordinator;
        step.State.Jobs.Put(job with { Avoided = body.Providers });
        foreach (var lease in step.State.LeasesOf(job.Id))
            if (Array.BinarySearch(body.Providers, lease.Provider) >= 0)
                Leasing.Drop(step, lease, DropReason.Avoided);
        step.MarketChanged();
        return FailureCode.None;
    }
}
