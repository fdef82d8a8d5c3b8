using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.State;

/// <summary>Orders of the records that the rules need, kept by the tables' changes. Not part of the state root.</summary>
internal sealed class StateIndex
{
    /// <summary>All that is due some time, earliest first.</summary>
    public SortedSet<Wake> Wakes { get; } = [];

    /// <summary>Offers with a free slot, cheapest first.</summary>
    public SortedSet<(ulong Price, OfferId Offer)> Book { get; } = [];

    /// <summary>Open jobs that lack leases, oldest first.</summary>
    public SortedSet<(ulong Number, JobId Job)> Orders { get; } = [];

    public Multimap<JobId, LeaseId> LeasesOfJob { get; } = new();

    public Multimap<NodeId, LeaseId> LeasesOfProvider { get; } = new();

    public Multimap<JobId, TaskId> TasksOfJob { get; } = new();

    public Multimap<TaskId, TaskId> Children { get; } = new();

    /// <summary>Epochs that are not over, oldest first.</summary>
    public SortedSet<ulong> Epochs { get; } = [];

    public void Watch(LedgerState state)
    {
        state.Stakes.Changed = (old, now) => Wakeful(TableId.Stakes, old, now, static s => s.Id.Key, Due);
        state.Challenges.Changed = (old, now) => Wakeful(TableId.Challenges, old, now, static c => c.Commitment, static c => c.Due);
        state.Disputes.Changed = (old, now) => Wakeful(TableId.Disputes, old, now, static d => d.Id.Hash, static d => d.Due);
        state.Offers.Changed = OfferChanged;
        state.Jobs.Changed = JobChanged;
        state.Leases.Changed = LeaseChanged;
        state.Tasks.Changed = TaskChanged;
        state.Epochs.Changed = EpochChanged;
    }

    private static Timestamp? Due(StakeRecord stake)
    {
        Timestamp? release = stake.Unbonding.Length > 0 ? stake.Unbonding[0].Release : null;
        if (stake.BarredUntil == default)
            return release;
        return release is { } at && at < stake.BarredUntil ? at : stake.BarredUntil;
    }

    private static Timestamp? Due(TaskRecord task) =>
        task.Phase == TaskPhase.Live && task.Current.Dispute is null
        && task.Current.Status is AttemptStatus.Issued or AttemptStatus.Committed or AttemptStatus.Audited
            ? task.Current.Due
            : null;

    private static bool Lacks(JobRecord job) => job.Status == JobStatus.Open && job.ActiveLeases < job.Order.Leases;

    private void OfferChanged(OfferRecord? old, OfferRecord? now)
    {
        Wakeful(TableId.Offers, old, now, static o => o.Id.Hash, static o => o.OffBook ? null : o.Terms.Expires);
        if (old is { FreeSlots: > 0 })
            Book.Remove((old.Terms.Price, old.Id));
        if (now is { FreeSlots: > 0 })
            Book.Add((now.Terms.Price, now.Id));
    }

    private void JobChanged(JobRecord? old, JobRecord? now)
    {
        Wakeful(
            TableId.Jobs, old, now, static j => j.Id.Hash,
            static j => j.Status == JobStatus.Open ? j.Order.Deadline : null);
        if (old is not null && Lacks(old))
            Orders.Remove((old.Number, old.Id));
        if (now is not null && Lacks(now))
            Orders.Add((now.Number, now.Id));
    }

    private void LeaseChanged(LeaseRecord? old, LeaseRecord? now)
    {
        if (old is not null && now is null)
        {
            LeasesOfJob.Remove(old.Job, old.Id);
            LeasesOfProvider.Remove(old.Provider, old.Id);
        }

        if (old is null && now is not null)
        {
            LeasesOfJob.Add(now.Job, now.Id);
            LeasesOfProvider.Add(now.Provider, now.Id);
        }
    }

    private void TaskChanged(TaskRecord? old, TaskRecord? now)
    {
        Wakeful(TableId.Tasks, old, now, static t => t.Id.Hash, Due);
        if (ReferenceEquals(old?.Issue, now?.Issue))
            return;
        if (old is not null)
        {
            TasksOfJob.Remove(old.Job, old.Id);
            foreach (var parent in old.Issue.Parents)
                Children.Remove(parent, old.Id);
        }

        if (now is not null)
        {
            TasksOfJob.Add(now.Job, now.Id);
            foreach (var parent in now.Issue.Parents)
                Children.Add(parent, now.Id);
        }
    }

    private void EpochChanged(EpochRecord? old, EpochRecord? now)
    {
        Wakeful(
            TableId.Epochs, old, now, static e => StateKey.Epoch(e.Number).Id,
            static e => e.Phase == EpochPhase.Drawing ? null : e.Due);
        if (old is null && now is not null)
            Epochs.Add(now.Number);
        if (old is not null && now is null)
            Epochs.Remove(old.Number);
    }

    private void Wakeful<T>(TableId table, T? old, T? now, Func<T, Hash256> id, Func<T, Timestamp?> due)
        where T : class
    {
        var before = old is null ? null : due(old);
        var after = now is null ? null : due(now);
        if (before == after)
            return;
        if (before is { } past)
            Wakes.Remove(new Wake(past, table, id(old!)));
        if (after is { } next)
            Wakes.Add(new Wake(next, table, id(now!)));
    }
}
