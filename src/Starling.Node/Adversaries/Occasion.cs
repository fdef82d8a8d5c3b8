using Starling.Ledger.Records;
using Starling.Ledger.State;

namespace Starling.Node.Adversaries;

/// <summary>
/// When a liar dares: from all that the ledger tells it, that is, everything but which auditors are drawn. Caught no
/// less often than the formula says, since a task's bond grows as its audit rate falls.
/// </summary>
public static class Occasion
{
    private const ulong Certain = 1_000_000;
    private const int CleanTasks = 3;

    public delegate bool Test(LedgerState state, TaskRecord task);

    /// <summary>No audit is certain: the draw may pass the task by.</summary>
    public static bool Unwatched(LedgerState state, TaskRecord task) =>
        task.Current is { AuditRequired: false, AuditPpm: < Certain };

    /// <summary>It has a clean record: some of its tasks are final, audited, and none was ever convicted.</summary>
    public static bool Trusted(LedgerState state, TaskRecord task) =>
        state.Stakes.Find(task.Current.Provider) is { Convictions: 0 } stake
        && stake.AuditedFees.Micro >= CleanTasks * task.Current.Pay.Micro;

    /// <summary>The task pays less than most of its job.</summary>
    public static bool Cheap(LedgerState state, TaskRecord task)
    {
        var works = state.TasksOf(task.Job).Select(t => t.Issue.Work).Order().ToArray();
        return task.Issue.Work < works[works.Length / 2] || works[0] == works[^1];
    }

    /// <summary>Fewer than two auditors are enrolled.</summary>
    public static bool FewAuditors(LedgerState state, TaskRecord task) => state.Auditors.Count < 2;
}
