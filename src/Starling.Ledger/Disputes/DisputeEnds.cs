using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol;

namespace Starling.Ledger.Disputes;

/// <summary>Ends disputes and moves the stakes behind them.</summary>
internal static class DisputeEnds
{
    /// <summary>A move's deadline passed: whoever was silent loses, unless the auditors decide, once they have all looked.</summary>
    public static void Silence(Step step, DisputeId id)
    {
        var dispute = step.State.Disputes.Get(id);
        var task = step.State.Tasks.Get(dispute.Task);
        if (Panel.Sits(task))
        {
            step.State.Disputes.Put(dispute with { Due = step.Time.After(dispute.TurnMs) });
            return;
        }

        Close(step, dispute, Panel.Decides(task) ? Panel.Outcome(step, task, dispute)
            : dispute.Turn == DisputeTurn.Defender
            ? DisputeOutcome.DefenderSilent
            : DisputeOutcome.ChallengerSilent);
    }

    public static void Close(Step step, DisputeRecord dispute, DisputeOutcome outcome)
    {
        Remove(step, dispute, outcome);
        var task = step.State.Tasks.Get(dispute.Task);
        task = task.WithCurrent(task.Current with { Dispute = null });
        step.State.Tasks.Put(task);
        if (outcome is DisputeOutcome.Convicted or DisputeOutcome.DefenderSilent)
        {
            // It goes on standing for its root, before all that wait.
            Bonding.Lock(step, dispute.Challenger, dispute.Bond);
            task = task.WithCurrent(task.Current with { Rivals = [dispute.Claim, .. task.Current.Rivals] });
            step.State.Tasks.Put(task);
            Failing.Convict(step, task, dispute.Challenger, proven: outcome == DisputeOutcome.Convicted);
            step.State.Stakes.Put(step.Stake(dispute.Challenger) with { LostChallenges = 0 });
        }
        else
        {
            Acquit(step, dispute, task);
        }
    }

    /// <summary>
    /// The result fell: an open dispute about it ends with nobody's loss. Those who named another root stand for it further
    /// where the result was convicted; gives who does.
    /// </summary>
    public static RivalClaim[] Moot(Step step, AttemptRecord attempt, AttemptStatus how)
    {
        if (attempt.Dispute is { } id)
            Remove(step, step.State.Disputes.Get(id), DisputeOutcome.Moot);
        if (how == AttemptStatus.Convicted)
            return attempt.Rivals;
        foreach (var rival in attempt.Rivals)
            Bonding.Unlock(step, rival.Challenger, rival.Bond);
        return [];
    }

    private static void Remove(Step step, DisputeRecord dispute, DisputeOutcome outcome)
    {
        step.State.Disputes.Remove(dispute.Id);
        Bonding.Unlock(step, dispute.Challenger, dispute.Bond);
        step.Emit(new DisputeClosed(dispute.Id, dispute.Task, dispute.Attempt, dispute.Challenger, outcome));
    }

    /// <summary>
    /// A false challenge pays its defender and shields nobody: the next in line has its turn, and the window is longer by
    /// the time that this one used.
    /// </summary>
    private static void Acquit(Step step, DisputeRecord dispute, TaskRecord task)
    {
        Slashing.Split(
            step, dispute.Challenger, dispute.Bond, SlashReason.FalseChallenge, dispute.Defender,
            step.State.Jobs.Get(task.Job).Owner);
        var loser = step.Stake(dispute.Challenger);
        step.State.Stakes.Put(loser with { LostChallenges = loser.LostChallenges + 1 });
        var attempt = task.Current with { DisputesWon = task.Current.DisputesWon + 1 };
        var next = attempt.Rivals.Length > 0 ? attempt.Rivals[0] : null;
        if (next is not null)
            attempt = attempt with { Rivals = attempt.Rivals[1..] };
        if (attempt.Status is AttemptStatus.Audited or AttemptStatus.Waiting)
            attempt = attempt with { Status = AttemptStatus.Audited, Due = attempt.Due.After(TimeUsed(step, dispute, attempt)) };
        task = task.WithCurrent(attempt);
        step.State.Tasks.Put(task);
        if (next is not null)
            DisputeStart.Open(step, task, next, step.Time);
    }

    /// <summary>Milliseconds of the challenge window that a dispute used: it may have begun before the window did.</summary>
    private static long TimeUsed(Step step, DisputeRecord dispute, AttemptRecord attempt)
    {
        var begun = Math.Max(dispute.Since.Milliseconds, attempt.Due.Milliseconds - step.Rules.ChallengeMs);
        return Math.Max(0, step.Time.Milliseconds - begun);
    }
}
