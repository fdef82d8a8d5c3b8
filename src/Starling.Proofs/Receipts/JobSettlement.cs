using Starling.Ledger.Records;

namespace Starling.Proofs.Receipts;

/// <summary>How a job ended.</summary>
public enum JobEnd
{
    /// <summary>Every task of its plan has its result.</summary>
    Completed = 1,

    /// <summary>A task showed that the job cannot be done as specified: a loss that is not finite, an input it refuses.</summary>
    Faulted = 2,

    /// <summary>It ended before its plan did.</summary>
    Stopped = 3,
}

/// <summary>What a job came to, from the ledger's records alone.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Why">The same in words.</param>
/// <param name="AtFault">Who is answerable.</param>
/// <param name="Paid">What its owner paid, audits included.</param>
/// <param name="TasksPaid">Tasks of the receipt that were paid.</param>
/// <param name="TasksVoid">Tasks of the receipt that never will be.</param>
public sealed record JobSettlement(JobEnd End, string Why, Party AtFault, Credits Paid, int TasksPaid, int TasksVoid)
{
    internal static JobSettlement Of(JobRecord job, IReadOnlyList<TaskRecord> tasks, bool hasModel)
    {
        var paid = tasks.Count(static t => t.Phase == TaskPhase.Final);
        var (end, why) = hasModel ? (JobEnd.Completed, "completed")
            : job.Reason == CloseReason.Completed ? (JobEnd.Faulted, FaultOf(job, tasks))
            : (JobEnd.Stopped, Words(job.Reason));
        var party = end == JobEnd.Faulted ? Party.Owner : job.Reason.AtFault();
        return new JobSettlement(end, why, party, job.Spent, paid, tasks.Count - paid);
    }

    private static string FaultOf(JobRecord job, IReadOnlyList<TaskRecord> tasks)
    {
        var last = tasks.FirstOrDefault(t => t.Id == job.Result);
        return last?.Result is not { } claim ? "ended without its last result"
            : claim.Outputs.Length == 0 ? $"task {last.Issue.Node} cannot be run as specified"
            : $"task {last.Issue.Node} gave numbers that are not finite";
    }

    private static string Words(CloseReason reason) => reason switch
    {
        CloseReason.CancelledByOwner => "cancelled by its owner",
        CloseReason.DeadlinePassed => "its deadline passed",
        CloseReason.EscrowExhausted => "its escrow was used up",
        CloseReason.NoOffer => "no offer ever matched",
        CloseReason.CoordinatorSilent => "its coordinator never issued a task",
        _ => $"ended: {reason}",
    };
}
