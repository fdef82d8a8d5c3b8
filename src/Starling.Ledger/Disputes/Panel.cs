using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Disputes;

/// <summary>
/// Decides about results that no referee can search: every auditor recomputes such a task, and the result falls when
/// those who challenge it hold more than half of what all enrolled auditors have at stake. Sound while honest auditors
/// hold more than half; an honest worker is safe while they hold at least half.
/// </summary>
internal static class Panel
{
    /// <summary>Whether a task's results are decided by the auditors.</summary>
    public static bool Decides(TaskRecord task) => task.Issue.Graph == Hash256.Zero;

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
}
