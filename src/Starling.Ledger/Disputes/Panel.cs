using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>
/// Decides about results that no referee can search: every auditor recomputes such a task, at once or as soon as anybody
/// challenges it, and the result falls when those who challenge it hold more than half of what all enrolled auditors have
/// at stake. Sound while honest auditors hold more than half; an honest worker is safe while they hold at least half.
/// </summary>
internal static class Panel
{
    /// <summary>Whether the auditors decide about a task's results.</summary>
    public static bool Decides(TaskRecord task) =>
        task.Issue.Graph == Hash256.Zero;

    /// <summary>
    /// Has every auditor recompute a result that is challenged for the first time, where only drawn ones had to: whoever
    /// is alone with what it found would lose against those who never looked.
    /// </summary>
    public static TaskRecord Convene(Step step, TaskRecord task)
    {
        var attempt = task.Current;
        var isFirst = attempt is { DisputesWon: 0, Dispute: null };
        var isCompared = attempt is not { Status: AttemptStatus.Revealed, Epoch: null };
        if (!task.Issue.Graph.IsZero || !isFirst || !isCompared || AllLooked(attempt)
            || step.State.Jobs.Get(task.Job).Order.Verification == Verification.None || Epochs.Require(step, task)
            || Epochs.Enter(step, task, required: true) is not { } epoch)
            return task;
        return task.WithCurrent(attempt with { Status = AttemptStatus.Revealed, Epoch = epoch });
    }

    /// <summary>Whether auditors still recompute a result that they decide about.</summary>
    public static bool Sits(TaskRecord task) => Decides(task) && task.Current.Status == AttemptStatus.Revealed;

    public static DisputeOutcome Outcome(Step step, TaskRecord task, DisputeRecord dispute)
    {
        var against = new HashSet<NodeId>(task.Current.Rivals.Select(static r => r.Challenger)) { dispute.Challenger };
        var (all, challenging) = (UInt128.Zero, UInt128.Zero);
        foreach (var auditor in step.State.Auditors.InOrder())
        {
            if (auditor.Id == dispute.Defender)
                continue;
            var weight = auditor.Bond.Micro + 1;
            all += weight;
            challenging += against.Contains(auditor.Id) ? weight : 0;
        }

        return challenging * 2 > all ? DisputeOutcome.Convicted : DisputeOutcome.Acquitted;
    }

    private static bool AllLooked(AttemptRecord attempt) => attempt.Epoch is not null
        && (attempt.AuditRequired || attempt.AuditPpm >= Ppm.One || attempt.Claim!.Fault > 0);
}
