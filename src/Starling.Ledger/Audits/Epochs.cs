using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol;

namespace Starling.Ledger.Audits;

/// <summary>
/// The life of an audit epoch. It opens with a commitment and closes by time; once every draw has its beacon and every
/// result is shown or lost, auditors commit to verdicts, then show them. Nothing in it is final before that.
/// </summary>
internal static class Epochs
{
    /// <summary>Puts an attempt into the open epoch; null when nobody audits. Returns the epoch.</summary>
    /// <param name="step">The batch.</param>
    /// <param name="task">Its current attempt is committed.</param>
    /// <param name="required">True to have every auditor recompute it, whatever its own terms say.</param>
    public static ulong? Enter(Step step, TaskRecord task, bool required = false)
    {
        if (Current(step) is not { } epoch)
            return null;
        var attempt = task.Current;
        step.State.Draws.Put(new DrawRecord(
            epoch.Number, epoch.Draws, task.Id, attempt.Number, attempt.Provider, step.Height, attempt.AuditPpm,
            required || attempt.AuditRequired, null));
        step.State.Epochs.Put(epoch with
        {
            Draws = epoch.Draws + 1,
            Work = ulong.MaxValue - epoch.Work < task.Issue.Work ? ulong.MaxValue : epoch.Work + task.Issue.Work,
        });
        return epoch.Number;
    }

    /// <summary>
    /// Has every auditor of a result's epoch recompute it; false when that epoch is past the point at which they may have
    /// committed to their verdicts.
    /// </summary>
    public static bool Require(Step step, TaskRecord task)
    {
        if (task.Current.Epoch is not { } number
            || step.State.Epochs.Find(number) is not { Phase: EpochPhase.Open or EpochPhase.Drawing } epoch)
            return false;
        for (var i = 0; i < epoch.Draws; i++)
        {
            var draw = step.State.Draws.Get(new(number, i));
            if (draw.Task == task.Id && draw.Attempt == task.Current.Number)
            {
                step.State.Draws.Put(draw with { Required = true });
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives this batch's beacon to the draws of two batches ago.</summary>
    public static void TakeBeacon(Step step)
    {
        foreach (var number in Numbers(step))
        {
            var epoch = step.State.Epochs.Get(number);
            var done = epoch.Beacons;
            while (done < epoch.Draws && step.State.Draws.Get(new(number, done)) is { } draw
                && draw.Height + Draws.BeaconDelay <= step.Height)
            {
                step.State.Draws.Put(draw with { Beacon = step.Beacon });
                done++;
            }

            if (done != epoch.Beacons)
                step.State.Epochs.Put(epoch with { Beacons = done });
        }
    }

    /// <summary>A phase's time is up.</summary>
    public static void Due(Step step, ulong number)
    {
        var epoch = step.State.Epochs.Get(number);
        switch (epoch.Phase)
        {
            case EpochPhase.Open:
                step.State.Epochs.Put(epoch with { Phase = EpochPhase.Drawing });
                break;
            case EpochPhase.Committing:
                Move(step, Silence(step, epoch, AuditorProgress.Owing), EpochPhase.Revealing, step.Rules.VerdictRevealMs);
                break;
            case EpochPhase.Revealing:
                End(step, Silence(step, epoch, AuditorProgress.Committed));
                break;
            default:
                throw new InvalidOperationException($"an epoch is never due while {epoch.Phase}");
        }
    }

    /// <summary>Moves on every epoch that waits for nobody any more.</summary>
    public static void Advance(Step step)
    {
        foreach (var number in Numbers(step))
        {
            var epoch = step.State.Epochs.Get(number);
            if (epoch.Phase == EpochPhase.Drawing && epoch.Beacons == epoch.Draws && !AnyHidden(step, epoch))
            {
                var time = step.Rules.VerdictBaseMs + Deadlines.SlowMs(step.Rules, epoch.Work);
                Move(step, epoch, EpochPhase.Committing, time);
                epoch = step.State.Epochs.Get(number);
            }

            if (epoch.Phase == EpochPhase.Committing && !Any(epoch, AuditorProgress.Owing))
            {
                Move(step, epoch, EpochPhase.Revealing, step.Rules.VerdictRevealMs);
                epoch = step.State.Epochs.Get(number);
            }

            if (epoch.Phase == EpochPhase.Revealing && !Any(epoch, AuditorProgress.Committed))
                End(step, epoch);
        }
    }

    private static ulong[] Numbers(Step step) => [.. step.State.Index.Epochs];

    private static EpochRecord? Current(Step step)
    {
        var epochs = step.State.Index.Epochs;
        if (epochs.Count > 0 && step.State.Epochs.Get(epochs.Max) is { Phase: EpochPhase.Open } open)
            return open;
        var auditors = Enrolment.Freeze(step);
        if (auditors.Length == 0)
            return null;
        var network = step.State.Network;
        step.State.SetNetwork(network with { NextEpoch = network.NextEpoch + 1 });
        var epoch = new EpochRecord(
            network.NextEpoch, EpochPhase.Open, step.Time.After(step.Rules.EpochMs), 0, 0, 0, auditors);
        step.Emit(new EpochMoved(epoch.Number, epoch.Phase, epoch.Due));
        return epoch;
    }

    private static void Move(Step step, EpochRecord epoch, EpochPhase phase, long milliseconds)
    {
        var due = step.Time.After(milliseconds);
        step.State.Epochs.Put(epoch with { Phase = phase, Due = due });
        step.Emit(new EpochMoved(epoch.Number, phase, due));
    }

    private static bool Any(EpochRecord epoch, AuditorProgress progress) =>
        Array.Exists(epoch.Auditors, a => a.Progress == progress);

    /// <summary>True while a result of the epoch is committed and not shown.</summary>
    private static bool AnyHidden(Step step, EpochRecord epoch)
    {
        for (var i = 0; i < epoch.Draws; i++)
        {
            var draw = step.State.Draws.Get(new(epoch.Number, i));
            if (Draws.AttemptOf(step.State, draw) is { Status: AttemptStatus.Committed })
                return true;
        }

        return false;
    }

    /// <summary>Auditors that are still where they should not be lose what they owed.</summary>
    private static EpochRecord Silence(Step step, EpochRecord epoch, AuditorProgress late)
    {
        for (var i = 0; i < epoch.Auditors.Length; i++)
        {
            var auditor = epoch.Auditors[i];
            if (auditor.Progress != late)
                continue;
            epoch = epoch.With(i, auditor with { Progress = AuditorProgress.Missed });
            var owed = Draws.CountFor(step.State, epoch, auditor.Id);
            Verdicts.Penalise(step, auditor.Id, owed);
            step.Emit(new AuditorMissed(epoch.Number, auditor.Id));
            Enrolment.Done(step, auditor.Id, missed: true);
        }

        return epoch;
    }

    private static void End(Step step, EpochRecord epoch)
    {
        var missed = Any(epoch, AuditorProgress.Missed);
        step.State.Epochs.Remove(epoch.Number);
        step.Emit(new EpochEnded(epoch.Number));
        for (var i = 0; i < epoch.Draws; i++)
        {
            var draw = step.State.Draws.Get(new(epoch.Number, i));
            step.State.Draws.Remove(draw.Id);
            // What every auditor must look at after all was drawn again in a later epoch.
            if (Draws.AttemptOf(step.State, draw) is { Status: AttemptStatus.Revealed } attempt && attempt.Epoch == epoch.Number)
                Finality.AuditsOver(step, step.State.Tasks.Get(draw.Task), missed);
        }
    }
}
