using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Applying;

/// <summary>Checks that each running total equals what it totals: reserved escrow, locked stake, exposure, slots.</summary>
internal static class Commitments
{
    public static string? Check(LedgerState state)
    {
        var locked = new Dictionary<NodeId, Tokens>();
        var exposure = new Dictionary<NodeId, Credits>();
        var reserved = new Dictionary<JobId, (Credits Credits, int Open)>();
        foreach (var task in state.Tasks.InOrder())
        {
            var (sum, open) = reserved.GetValueOrDefault(task.Job);
            if (task.Phase is TaskPhase.Live or TaskPhase.Lost)
                open++;
            foreach (var attempt in task.Attempts)
            {
                var asked = attempt.Number == task.Current.Number ? state.Index.ChunksOfTask.CountOf(task.Id) : 0;
                if (attempt.Asked != asked)
                    return $"task {task.Id}: counts {attempt.Asked} requests for chunks, has {asked}";
                if (attempt.IsOpen)
                {
                    sum += attempt.Pay + attempt.Surcharge;
                    Add(locked, attempt.Provider, attempt.Bond + attempt.Cascade);
                    exposure[attempt.Provider] = exposure.GetValueOrDefault(attempt.Provider) + attempt.Pay
                        + (task.Answers?.Unredeemed ?? Credits.Zero);
                }

                foreach (var rival in attempt.Rivals)
                    Add(locked, rival.Challenger, rival.Bond);
            }

            reserved[task.Job] = (sum, open);
        }

        foreach (var machine in state.MachineLeases.InOrder())
            Add(locked, machine.Provider, machine.Bond);
        foreach (var auditor in state.Auditors.InOrder())
            Add(locked, auditor.Id, auditor.Bond);
        foreach (var challenge in state.Challenges.InOrder())
            Add(locked, challenge.Challenger, challenge.Bond);
        foreach (var dispute in state.Disputes.InOrder())
            Add(locked, dispute.Challenger, dispute.Bond);
        return CheckJobs(state, reserved) ?? CheckStakes(state, locked, exposure) ?? CheckOffers(state);
    }

    private static void Add(Dictionary<NodeId, Tokens> sums, NodeId id, Tokens amount) =>
        sums[id] = sums.GetValueOrDefault(id) + amount;

    private static string? CheckJobs(LedgerState state, Dictionary<JobId, (Credits Credits, int Open)> reserved)
    {
        foreach (var job in state.Jobs.InOrder())
        {
            var (sum, open) = reserved.GetValueOrDefault(job.Id);
            if (job.Reserved != sum)
                return $"job {job.Id}: {job.Reserved} reserved, its tasks hold {sum}";
            if (job.OpenTasks != open)
                return $"job {job.Id}: counts {job.OpenTasks} open tasks, has {open}";
            if (job.ActiveLeases != state.LeasesOf(job.Id).Count)
                return $"job {job.Id}: counts {job.ActiveLeases} leases, has {state.LeasesOf(job.Id).Count}";
            if (job.Status == JobStatus.Closed && job.Escrow + job.Reserved != Credits.Zero)
                return $"job {job.Id}: closed with {job.Escrow + job.Reserved}";
        }

        return null;
    }

    private static string? CheckStakes(
        LedgerState state, Dictionary<NodeId, Tokens> locked, Dictionary<NodeId, Credits> exposure)
    {
        foreach (var stake in state.Stakes.InOrder())
        {
            if (stake.Locked != locked.GetValueOrDefault(stake.Id))
                return $"stake {stake.Id}: {stake.Locked} locked, {locked.GetValueOrDefault(stake.Id)} spoken for";
            if (stake.Exposure != exposure.GetValueOrDefault(stake.Id))
                return $"stake {stake.Id}: {stake.Exposure} exposed, open tasks {exposure.GetValueOrDefault(stake.Id)}";
        }

        return null;
    }

    private static string? CheckOffers(LedgerState state)
    {
        var leased = new Dictionary<OfferId, int>();
        foreach (var lease in state.Leases.InOrder())
            leased[lease.Offer] = leased.GetValueOrDefault(lease.Offer) + 1;
        foreach (var machine in state.MachineLeases.InOrder())
            leased[machine.Offer] = leased.GetValueOrDefault(machine.Offer) + state.Offers.Get(machine.Offer).Terms.Slots;
        foreach (var offer in state.Offers.InOrder())
        {
            if (offer.Leased != leased.GetValueOrDefault(offer.Id))
                return $"offer {offer.Id}: counts {offer.Leased} leases, has {leased.GetValueOrDefault(offer.Id)}";
            if (offer.Leased > offer.Terms.Slots)
                return $"offer {offer.Id}: {offer.Leased} leases on {offer.Terms.Slots} slots";
        }

        return null;
    }
}
