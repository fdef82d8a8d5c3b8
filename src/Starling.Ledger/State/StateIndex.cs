using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.State;

/// <summary>Orders of the records that the rules need, kept by the tables' changes. Not part of the state root.</summary>
internal sealed class StateIndex
{
    private LedgerState _state = null!;

    /// <summary>All that is due some time, earliest first.</summary>
    public SortedSet<Wake> Wakes { get; } = [];

    /// <summary>Offers that could take a lease now.</summary>
    public Book Book { get; } = new();

    public Multimap<NodeId, OfferId> OffersOfProvider { get; } = new();

    /// <summary>Open jobs that lack leases, oldest first.</summary>
    public SortedSet<(ulong Number, JobId Job)> Orders { get; } = [];

    public Multimap<NodeId, MachineLeaseId> MachinesOfProvider { get; } = new();

    public Multimap<JobId, LeaseId> LeasesOfJob { get; } = new();

    public Multimap<NodeId, LeaseId> LeasesOfProvider { get; } = new();

    public Multimap<JobId, TaskId> TasksOfJob { get; } = new();

    public Multimap<TaskId, TaskId> Children { get; } = new();

    /// <summary>Open requests for chunks of a task's outputs.</summary>
    public Multimap<TaskId, Hash256> ChunksOfTask { get; } = new();

    /// <summary>Epochs that are not over, oldest first.</summary>
    public SortedSet<ulong> Epochs { get; } = [];

    /// <summary>Tasks whose result waits for an auditor.</summary>
    public SortedSet<TaskId> Unaudited { get; } = [];

    public void Watch(LedgerState state)
    {
        _state = state;
        state.Accounts.Changed = (old, now) =>
        {
            if (old?.Forget != now?.Forget)
                Wakeful(TableId.Accounts, old, now, static a => a.Id.Key, static a => a.Forget);
        };
        state.Stakes.Changed = StakeChanged;
        state.Rents.Changed = (old, now) => Wakeful(TableId.Rents, old, now, static r => r.Id.Key, static r => r.Due);
        state.Auctions.Changed = (old, now) =>
            Wakeful(TableId.Auctions, old, now, static a => a.Id.Hash, static a => a.ChooseUntil);
        state.Channels.Changed = (old, now) =>
            Wakeful(TableId.Channels, old, now, static c => c.Id.Hash, static c => c.Closes);
        state.MachineLeases.Changed = (old, now) =>
        {
            if (old is null && now is not null)
                MachinesOfProvider.Add(now.Provider, now.Id);
            if (old is not null && now is null)
                MachinesOfProvider.Remove(old.Provider, old.Id);
        };
        state.Grants.Changed = (old, now) => Wakeful(TableId.Grants, old, now, static g => g.Id.Key, static g => g.Next);
        state.ChunkRequests.Changed = (old, now) =>
        {
            Wakeful(TableId.ChunkRequests, old, now, static r => r.Id, static r => r.Due);
            if (old is null && now is not null)
                ChunksOfTask.Add(now.Task, now.Id);
            if (old is not null && now is null)
                ChunksOfTask.Remove(old.Task, old.Id);
        };
        state.Plants.Changed = (old, now) =>
            Wakeful(TableId.Plants, old, now, static p => p.Commitment, static p => p.Due);
        state.Faults.Changed = (old, now) => Wakeful(TableId.Faults, old, now, static f => f.Key, static f => f.Due);
        state.Delegations.Changed = (old, now) => Wakeful(
            TableId.Delegations, old, now, static d => d.Id.Hash,
            static d => d.Exits.Length > 0 ? d.Exits[0].Release : null);
        state.Challenges.Changed = (old, now) => Wakeful(TableId.Challenges, old, now, static c => c.Commitment, static c => c.Due);
        state.Disputes.Changed = (old, now) => Wakeful(TableId.Disputes, old, now, static d => d.Id.Hash, static d => d.Due);
        state.Offers.Changed = OfferChanged;
        state.Jobs.Changed = JobChanged;
        state.Leases.Changed = LeaseChanged;
        state.Tasks.Changed = TaskChanged;
        state.Epochs.Changed = EpochChanged;
    }

    /// <summary>Other rules rank offers otherwise.</summary>
    public void RulesChanged(Rules? old, Rules? now)
    {
        if (now is null || ReferenceEquals(old, now))
            return;
        foreach (var offer in _state.Offers.InOrder())
            Book.Set(offer.Id, Place(offer, _state.Stakes.Find(offer.Provider)));
    }

    private static Timestamp? Due(StakeRecord stake)
    {
        Timestamp? release = stake.Unbonding.Length > 0 ? stake.Unbonding[0].Release : null;
        if (stake.BarredUntil == default)
            return release;
        return release is { } at && at < stake.BarredUntil ? at : stake.BarredUntil;
    }

    private static Timestamp? Due(TaskRecord task) =>
        task.Phase is TaskPhase.Final or TaskPhase.Void ? task.Answers?.KeptUntil
        : task.Phase == TaskPhase.Live && task.Current is { Dispute: null, Asked: 0 }
        && task.Current.Status is AttemptStatus.Issued or AttemptStatus.Committed or AttemptStatus.Audited
            or AttemptStatus.Unaudited
            ? task.Current.Due
            : null;

    private static bool Lacks(JobRecord job) => job.Status == JobStatus.Open && job.ActiveLeases < job.Order.Leases;

    private void OfferChanged(OfferRecord? old, OfferRecord? now)
    {
        Wakeful(TableId.Offers, old, now, static o => o.Id.Hash, static o => o.OffBook ? null : o.Terms.Expires);
        if (old is null && now is not null)
            OffersOfProvider.Add(now.Provider, now.Id);
        if (old is not null && now is null)
            OffersOfProvider.Remove(old.Provider, old.Id);
        if ((old?.FreeSlots > 0) != (now?.FreeSlots > 0) || (old is not null && now is not null && old.Terms.Price != now.Terms.Price))
            Book.Set((now ?? old)!.Id, now is null ? null : Place(now, _state.Stakes.Find(now.Provider)));
    }

    private void StakeChanged(StakeRecord? old, StakeRecord? now)
    {
        Wakeful(TableId.Stakes, old, now, static s => s.Id.Key, Due);
        if (Standing(old) == Standing(now))
            return;
        var provider = (now ?? old)!.Id;
        foreach (var id in OffersOfProvider.Of(provider))
            Book.Set(id, Place(_state.Offers.Get(id), now));
    }

    /// <summary>What of a provider's stake decides the place of its offers.</summary>
    private static (bool Barred, bool Free, int NoShows, bool Vouched) Standing(StakeRecord? stake) =>
        stake is null ? default : (stake.Barred, stake.Free > Tokens.Zero, stake.NoShows, stake.Vouched > 0);

    /// <summary>Where an offer stands in the book; null where it can take no lease.</summary>
    private PostedTerms? Place(OfferRecord offer, StakeRecord? stake)
    {
        // A snapshot brings the rules last, and with them every place.
        if (_state.RulesIfLoaded is not { } rules)
            return null;
        if (offer.FreeSlots <= 0 || stake?.Barred == true || (rules.VouchRequired && !(stake?.Vouched > 0))
            || (rules.StakeRequired && !offer.Newcomer && !(stake?.Free > Tokens.Zero)))
            return null;
        return new PostedTerms(
            offer.Terms.Capability, offer.Terms.Region, Pricing.Effective(rules, offer.Terms, stake));
    }

    private void JobChanged(JobRecord? old, JobRecord? now)
    {
        Wakeful(
            TableId.Jobs, old, now, static j => j.Id.Hash,
            static j => j.Status == JobStatus.Open ? j.Order.Deadline : j.KeptUntil);
        var (before, after) = (old is not null && Lacks(old), now is not null && Lacks(now));
        if (before && !after)
            Orders.Remove((old!.Number, old.Id));
        if (after && !before)
            Orders.Add((now!.Number, now.Id));
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
        if (old is { Phase: TaskPhase.Live, Current.Status: AttemptStatus.Unaudited })
            Unaudited.Remove(old.Id);
        if (now is { Phase: TaskPhase.Live, Current.Status: AttemptStatus.Unaudited })
            Unaudited.Add(now.Id);
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
