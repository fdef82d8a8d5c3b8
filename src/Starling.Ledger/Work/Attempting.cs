using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Work;

/// <summary>Starts an attempt: takes a lease's slot, reserves the price, locks the bonds.</summary>
internal static class Attempting
{
    /// <param name="step">The batch in hand.</param>
    /// <param name="task">The task with its earlier attempts; written with the new one.</param>
    /// <param name="provider">Must hold a lease of the job with room for a task.</param>
    public static FailureCode Start(Step step, TaskRecord task, NodeId provider)
    {
        var job = step.State.Jobs.Get(task.Job);
        if (Quorums.CanStart(step.State, job, task, provider) is var refused and not FailureCode.None)
            return refused;
        if (FindLease(step, task, provider, out var lease) is var busy and not FailureCode.None)
            return busy;
        var work = task.Issue.Work;
        var pay = Pricing.Pay(lease, work);
        var offer = step.State.Offers.Get(lease.Offer);
        var newcomer = offer.Newcomer;
        var paused = job.Order.Verification == Verification.Spot && Faults.Paused(step, offer.Terms.Build);
        var required = newcomer || paused || job.Order.Verification == Verification.Full
            || (job.Order.Verification == Verification.Spot && task.Issue.Steering);
        var surcharge = Ppm.Of(pay, SurchargePpm(step, job, required));
        if (job.Escrow < pay + surcharge)
            return FailureCode.EscrowShort;

        var stake = step.Stake(provider);
        var exposure = stake.Exposure + pay;
        var ppm = Deterrence.AuditPpm(step.Rules, stake, exposure, job.Order.Verification, step.Time);
        // In a quorum the others find a lie for certain, unless all of them tell the same.
        var bond = Deterrence.TaskBond(step.Rules, pay, job.Order.Quorum > 0
            ? Deterrence.DiffersPpm(step.Rules, (int)job.Order.Quorum - 1)
            : Deterrence.CaughtPpm(step.Rules, ppm));
        if (newcomer)
        {
            if (pay.Micro > step.Rules.EarnInPay || stake.Exposure > Credits.Zero)
                return FailureCode.ExposureExceeded;
            (ppm, bond) = (Ppm.One, Tokens.Zero);
        }

        if (stake.Free < bond)
            return FailureCode.ExposureExceeded;
        step.State.Stakes.Put(stake with { Locked = stake.Locked + bond, Exposure = exposure });
        if (!LockParents(step, task, pay))
            return FailureCode.ParentBondShort;

        var due = step.Time.After(step.Rules.TaskBaseMs + Deadlines.SlowMs(step.Rules, checked(lease.Work + work)));
        var attempt = new AttemptRecord(task.Attempts.Length, provider, lease.Id)
        {
            Pay = pay,
            Surcharge = surcharge,
            Bond = bond,
            AuditPpm = ppm,
            AuditRequired = required,
            Issued = step.Height,
            Due = due,
            Build = offer.Terms.Build,
        };
        step.State.Leases.Put(lease with { Tasks = [.. lease.Tasks, task.Id], Work = lease.Work + work });
        var low = Ppm.Of(new Credits(job.Order.Escrow), step.Rules.LowWaterPpm);
        if (job.Escrow >= low && job.Escrow - pay - surcharge < low)
            step.Emit(new EscrowLow(job.Id, job.Escrow - pay - surcharge));
        step.State.Jobs.Put(job with
        {
            Escrow = job.Escrow - pay - surcharge,
            Reserved = job.Reserved + pay + surcharge,
        });
        step.State.Tasks.Put(task with { Phase = TaskPhase.Live, Attempts = [.. task.Attempts, attempt] });
        step.Emit(new TaskIssued(job.Id, task.Id, attempt.Number, task.Issue.Node, provider, due));
        return FailureCode.None;
    }

    internal static ulong SurchargePpm(Step step, JobRecord job, bool required)
    {
        if (job.Order.Verification == Verification.None)
            return 0;
        // A quorum that differs is audited in full; what is not needed comes back.
        return required || job.Order.Quorum > 0 ? step.Rules.FullSurchargePpm : step.Rules.SpotSurchargePpm;
    }

    /// <summary>The provider's least busy lease of the job.</summary>
    private static FailureCode FindLease(Step step, TaskRecord task, NodeId provider, out LeaseRecord lease)
    {
        lease = null!;
        var any = false;
        foreach (var candidate in step.State.LeasesOf(task.Job))
        {
            if (candidate.Provider != provider || step.State.Offers.Get(candidate.Offer).OffBook)
                continue;
            any = true;
            if (candidate.Tasks.Length < step.Rules.TasksPerLease && (lease is null || Before(candidate, lease)))
                lease = candidate;
        }

        if (lease is not null)
            return FailureCode.None;
        return any ? FailureCode.LeaseBusy : FailureCode.NoLease;
    }

    private static bool Before(LeaseRecord a, LeaseRecord b) =>
        a.Work == b.Work ? a.Number < b.Number : a.Work < b.Work;

    /// <summary>Producers of unfinal results that this task builds on lock more (protocol.md, 20).</summary>
    private static bool LockParents(Step step, TaskRecord task, Credits pay)
    {
        var amount = Deterrence.Cascade(step.Rules, pay);
        if (amount == Tokens.Zero)
            return true;
        foreach (var id in task.Issue.Parents)
        {
            var parent = step.State.Tasks.Get(id);
            if (!parent.Current.IsOpen)
                continue;
            if (!Bonding.TryLock(step, parent.Current.Provider, amount))
                return false;
            var cascade = parent.Current.Cascade + amount;
            step.State.Tasks.Put(parent.WithCurrent(parent.Current with { Cascade = cascade }));
        }

        return true;
    }
}
