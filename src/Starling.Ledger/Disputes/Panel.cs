using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>
/// Decides about results that no referee can search: every auditor recomputes such a task, and the result falls when
/// those who challenge it hold more than half of what all enrolled auditors have at stake. Sound while honest auditors
/// hold more than half; an honest worker is safe while they hold at least half.
/// </summary>
internal static class Panel
{
    /// <summary>Whether the auditors decide about a task's results, or about this one.</summary>
    public static bool Decides(TaskRecord task) =>
        task.Issue.Graph == Hash256.Zero || (task.Answers is null && task.Current.Claim is { } claim && IsFault(claim));

    /// <summary>
    /// Whether a result says that some step gave nothing finite: metrics as its one output beside a trace
    /// (protocol.md, 4). What it gave instead is in no committed state, so no search leads to it.
    /// </summary>
    public static bool IsFault(ResultClaim claim) => claim is { Outputs.Length: 1, TraceLength: > 0 };

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
