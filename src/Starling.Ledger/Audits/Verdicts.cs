using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Audits;

/// <summary>Verdicts are committed by all before any is shown, so that nobody copies another's.</summary>
internal static class Verdicts
{
    public static FailureCode Commit(Step step, CommitVerdicts body)
    {
        if (Find(step, body.Epoch, EpochPhase.Committing, out var epoch, out var index) is var code and not FailureCode.None)
            return code;
        var auditor = epoch.Auditors[index];
        if (auditor.Progress != AuditorProgress.Owing)
            return FailureCode.AlreadyCommitted;
        step.State.Epochs.Put(epoch.With(
            index, auditor with
            {
                Progress = AuditorProgress.Committed,
                Commitment = body.Commitment,
                Committed = step.Place,
            }));
        return FailureCode.None;
    }

    public static FailureCode Reveal(Step step, RevealVerdicts body)
    {
        if (Find(step, body.Epoch, EpochPhase.Revealing, out var epoch, out var index) is var code and not FailureCode.None)
            return code;
        if (epoch.Auditors[index].Progress != AuditorProgress.Committed)
            return FailureCode.NotCommitted;
        var auditor = step.State.Auditors.Get(step.Sender);
        if (!Draws.IsSeed(auditor, body.Epoch, body.Seed))
            return FailureCode.SeedMismatch;
        var commitment = Derived.VerdictsCommitment(
            step.State.Chain, body.Epoch, step.Sender, body.Salt, body.Verdicts);
        if (commitment != epoch.Auditors[index].Commitment)
            return FailureCode.CommitmentMismatch;
        var given = new Dictionary<(TaskId, int), Hash256>(body.Verdicts.Length);
        foreach (var verdict in body.Verdicts)
        {
            if (!given.TryAdd((verdict.Task, verdict.Attempt), verdict.Root))
                return FailureCode.DuplicateVerdict;
        }

        step.State.Epochs.Put(epoch.With(
            index, epoch.Auditors[index] with { Progress = AuditorProgress.Revealed }));
        if (body.Epoch > auditor.TipEpoch)
            step.State.Auditors.Put(auditor with { Tip = body.Seed, TipEpoch = body.Epoch });
        Judge(step, body, given, epoch.Auditors[index].Committed);
        Enrolment.Done(step, step.Sender, missed: false);
        return FailureCode.None;
    }

    /// <summary>What an auditor loses for verdicts that it owed.</summary>
    public static void Penalise(Step step, NodeId auditor, int owed)
    {
        if (owed > 0 && step.Rules.StakeRequired)
            Slashing.Burn(step, auditor, new Tokens(step.Rules.AuditLoss) * (ulong)owed, SlashReason.MissedAudit);
    }

    /// <summary>Takes the verdicts that were owed; others earn nothing and change nothing.</summary>
    private static void Judge(Step step, RevealVerdicts body, Dictionary<(TaskId, int), Hash256> given, LogPlace place)
    {
        var missing = 0;
        foreach (var draw in Draws.Selected(step.State, step.Sender, body.Seed, body.Epoch))
        {
            if (!given.TryGetValue((draw.Task, draw.Attempt), out var root))
            {
                missing++;
                continue;
            }

            var task = step.State.Tasks.Get(draw.Task);
            var attempt = task.Current;
            var agrees = attempt.Claim!.Root() == root;
            step.Emit(new VerdictRevealed(body.Epoch, draw.Task, draw.Attempt, step.Sender, root, agrees));
            if (!agrees)
                Dispute(step, task, root, place);
            else if (!attempt.Auditors.Contains(step.Sender))
                step.State.Tasks.Put(task.WithCurrent(attempt with { Auditors = [.. attempt.Auditors, step.Sender] }));
        }

        Penalise(step, step.Sender, missing);
    }

    /// <summary>
    /// A drawn auditor always finds a place (protocol.md, 10): where it has too little stake free, the bond that it
    /// audits under stands behind its word as well.
    /// </summary>
    private static void Dispute(Step step, TaskRecord task, Hash256 root, LogPlace place)
    {
        var bond = DisputeStart.BondFor(step, task.Current, step.Sender);
        var most = step.Stake(step.Sender).Free + step.State.Auditors.Get(step.Sender).Bond;
        DisputeStart.Challenge(
            step, task, new RivalClaim(step.Sender, root, Tokens.Min(bond, most), place) { Drawn = true });
    }

    private static FailureCode Find(
        Step step, ulong number, EpochPhase phase, out EpochRecord epoch, out int index)
    {
        (epoch, index) = (step.State.Epochs.Find(number)!, -1);
        if (epoch is null)
            return FailureCode.UnknownEpoch;
        index = epoch.IndexOf(step.Sender);
        if (index < 0)
            return FailureCode.NotInEpoch;
        return epoch.Phase == phase ? FailureCode.None : FailureCode.WrongPhase;
    }
}
