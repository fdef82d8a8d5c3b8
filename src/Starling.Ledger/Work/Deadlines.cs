using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Genesis;

namespace Starling.Ledger.Work;

/// <summary>What becomes of an attempt whose time is up.</summary>
internal static class Deadlines
{
    private const long LongestMs = 366L * 24 * 3600 * 1000;

    /// <summary>Milliseconds that the slowest machine allowed for needs; bounded, so that no deadline overflows.</summary>
    public static long SlowMs(Rules rules, ulong work) =>
        (long)UInt128.Min((ulong)LongestMs, Ppm.DivideUp((UInt128)work * 1_000, Math.Max(rules.SlowRate, 1)));

    public static void TaskDue(Step step, TaskId id)
    {
        var task = step.State.Tasks.Get(id);
        if (task.Phase is TaskPhase.Final or TaskPhase.Void)
        {
            Archiving.One(step, task);
            return;
        }

        switch (task.Current.Status)
        {
            case AttemptStatus.Issued:
                NotCommitted(step, task);
                break;
            case AttemptStatus.Committed:
                NotRevealed(step, task);
                break;
            case AttemptStatus.Unaudited:
                Finality.OpenWindow(step, task);
                break;
            case AttemptStatus.Audited:
                Finality.WindowOver(step, task);
                break;
            default:
                throw new InvalidOperationException($"an attempt is never due while {task.Current.Status}");
        }
    }

    private static void NotCommitted(Step step, TaskRecord task)
    {
        var attempt = task.Current;
        var bonds = LoseAll(step, attempt.Lease, task);
        Slashing.Burn(step, attempt.Provider, bonds.MulDiv(step.Rules.NoShowPpm, Ppm.One), SlashReason.NoShow);
        Slashing.Exclude(step, attempt.Provider);
        if (step.State.Leases.Find(attempt.Lease) is { } lease)
            Leasing.Drop(step, lease, DropReason.TimedOut);
    }

    /// <summary>
    /// Loses a task whose time is up with all others under its lease that were not committed: whoever let the first lapse
    /// pays for each (protocol.md, 23). Returns the bonds behind them.
    /// </summary>
    private static Tokens LoseAll(Step step, LeaseId lease, TaskRecord first)
    {
        var given = step.State.Leases.Find(lease)?.Tasks ?? [];
        var bonds = first.Current.Bond;
        Failing.Lose(step, first, AttemptStatus.TimedOut);
        foreach (var id in given)
        {
            // Losing one task may have ended another of the same lease.
            var task = step.State.Tasks.Get(id);
            if (task.Current is not { Status: AttemptStatus.Issued } current || current.Lease != lease)
                continue;
            bonds += current.Bond;
            Failing.Lose(step, task, AttemptStatus.TimedOut);
        }

        return bonds;
    }

    /// <summary>A worker that saw its result drawn and hides it loses what a conviction takes.</summary>
    private static void NotRevealed(Step step, TaskRecord task)
    {
        var attempt = task.Current;
        Failing.Lose(step, task, AttemptStatus.TimedOut);
        Slashing.Split(
            step, attempt.Provider, attempt.Bond, SlashReason.NotRevealed, null, step.State.Jobs.Get(task.Job).Owner);
        Slashing.Exclude(step, attempt.Provider);
        if (step.State.Leases.Find(attempt.Lease) is { } lease)
            Leasing.Drop(step, lease, DropReason.TimedOut);
    }
}
