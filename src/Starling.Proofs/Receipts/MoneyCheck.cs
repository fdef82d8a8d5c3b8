using Starling.Ledger.Records;

namespace Starling.Proofs.Receipts;

/// <summary>
/// What the tasks of a receipt were paid, against what their job spent. Where the receipt holds every task that the
/// job ever had, the two are equal.
/// </summary>
internal static class MoneyCheck
{
    public static void Run(LedgerEvidence evidence, CheckList checks)
    {
        var paid = Credits.Zero;
        foreach (var task in evidence.Tasks.Concat(evidence.Replicas))
            if (task.Phase == TaskPhase.Final)
                paid += task.Current.Pay + task.Current.AuditPay;
        var job = evidence.Job;
        var holdsAll = job.Tasks == evidence.Tasks.Count + evidence.Replicas.Count;
        var problem = paid > job.Spent || (holdsAll && paid != job.Spent)
            ? $"the tasks were paid {paid}, the job spent {job.Spent}"
            : null;
        checks.Settle(CheckKind.Money, problem, $"{paid} were paid for the tasks and their audits");
    }
}
