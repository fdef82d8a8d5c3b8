using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Audits;

/// <summary>Who audits: from the next epoch on, until it leaves and owes nothing more.</summary>
internal static class Enrolment
{
    /// <summary>Epochs in a row that an auditor may miss before it is out.</summary>
    private const int MaxMissed = 8;

    /// <summary>How much more stake than its holder's takes a place when all are taken.</summary>
    private const ulong OutbidPpm = 100_000;

    public static FailureCode Enrol(Step step, EnrolAuditor body)
    {
        if (step.State.Auditors.Find(step.Sender) is not null)
            return FailureCode.AlreadyAuditor;
        if (step.Stake(step.Sender).Barred)
            return FailureCode.Barred;
        if (step.Rules.VouchRequired && step.Stake(step.Sender).Vouched == 0)
            return FailureCode.NotVouched;
        var full = IsFull(step, out var least);
        if (full && !Outbids(step, least))
            return FailureCode.TooManyAuditors;
        var bond = step.Rules.StakeRequired ? new Tokens(step.Rules.AuditorBond) : Tokens.Zero;
        if (!Bonding.TryLock(step, step.Sender, bond))
            return FailureCode.StakeShort;
        if (full)
            Settle(step, least with { Leaving = true });
        step.State.Auditors.Put(new AuditorRecord(
            step.Sender, body.SeedTip, step.State.Network.NextEpoch - 1, bond, 0, 0, false));
        return FailureCode.None;
    }

    public static FailureCode Leave(Step step)
    {
        if (step.State.Auditors.Find(step.Sender) is not { Leaving: false } auditor)
            return FailureCode.NotAuditor;
        Settle(step, auditor with { Leaving = true });
        return FailureCode.None;
    }

    /// <summary>Whoever's own stake no longer covers its auditing bond is in no new epoch.</summary>
    public static void PutOutUncovered(Step step, NodeId id)
    {
        if (step.State.Auditors.Find(id) is { Leaving: false } auditor && step.Stake(id).Bonded < auditor.Bond)
            Settle(step, auditor with { Leaving = true });
    }

    /// <summary>Whether every place is taken, and by whom with the least stake of its own; among equals the last key.</summary>
    private static bool IsFull(Step step, out AuditorRecord least)
    {
        least = null!;
        var (staying, lowest) = (0, Tokens.Zero);
        foreach (var auditor in step.State.Auditors.InOrder())
        {
            if (auditor.Leaving)
                continue;
            staying++;
            var own = step.Stake(auditor.Id).Bonded;
            if (least is null || own <= lowest)
                (least, lowest) = (auditor, own);
        }

        return staying >= EpochRecord.MaxAuditors;
    }

    /// <summary>
    /// A place goes to free stake that is above its holder's by more than a margin, so that none changes for a millionth.
    /// </summary>
    private static bool Outbids(Step step, AuditorRecord least)
    {
        var held = step.Stake(least.Id).Bonded;
        return step.Rules.StakeRequired && step.Stake(step.Sender).Free > held + held.MulDiv(OutbidPpm, Ppm.One);
    }

    /// <summary>The auditors of an epoch that opens now, in order of their keys.</summary>
    public static EpochAuditor[] Freeze(Step step)
    {
        var frozen = new List<EpochAuditor>();
        foreach (var auditor in step.State.Auditors.InOrder())
        {
            if (auditor.Leaving || step.Stake(auditor.Id).Barred)
                continue;
            step.State.Auditors.Put(auditor with { OpenEpochs = auditor.OpenEpochs + 1 });
            frozen.Add(new EpochAuditor(auditor.Id, AuditorProgress.Owing, null, Weight(step, auditor.Id)));
        }

        return [.. frozen];
    }

    /// <summary>protocol.md, 6: weight is min(stake, cap); never zero, so that a lab's auditors weigh alike.</summary>
    private static ulong Weight(Step step, NodeId id) =>
        (ulong)UInt128.Min(step.Backing(id).Micro, step.Rules.AuditorCap) + 1;

    /// <summary>An epoch that an auditor was in is over for it.</summary>
    public static void Done(Step step, NodeId id, bool missed)
    {
        var auditor = step.State.Auditors.Get(id);
        var times = missed ? auditor.Missed + 1 : 0;
        Settle(step, auditor with
        {
            OpenEpochs = auditor.OpenEpochs - 1,
            Missed = times,
            Leaving = auditor.Leaving || times >= MaxMissed,
        });
    }

    private static void Settle(Step step, AuditorRecord auditor)
    {
        if (!auditor.Leaving || auditor.OpenEpochs > 0)
        {
            step.State.Auditors.Put(auditor);
            return;
        }

        step.State.Auditors.Remove(auditor.Id);
        Bonding.Unlock(step, auditor.Id, auditor.Bond);
    }
}
