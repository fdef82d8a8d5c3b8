using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;

namespace Starling.Ledger.Disputes;

/// <summary>
/// A task has one right root. Whoever named another than a convicted result goes on standing for the one that it named,
/// with its bond: it meets the next result of the task, unless that has the same (protocol.md, 10). So a challenge with a
/// root that nobody computed is lost even where it convicted a liar.
/// </summary>
internal static class Bracket
{
    /// <summary>A result is shown: whoever stands for another root disputes it, in the order of commitments.</summary>
    public static void Meet(Step step, TaskId id)
    {
        foreach (var claim in TakeStanding(step, id))
        {
            var task = step.State.Tasks.Get(id);
            if (claim.Root != task.Current.Claim!.Root() && claim.Challenger != task.Current.Provider)
                DisputeStart.Challenge(step, task, claim);
        }
    }

    /// <summary>No result will come: nobody stands for anything any more.</summary>
    public static void Dissolve(Step step, TaskId id) => TakeStanding(step, id);

    /// <summary>The claims that outlived convicted attempts, unlocked and removed from there.</summary>
    private static RivalClaim[] TakeStanding(Step step, TaskId id)
    {
        var task = step.State.Tasks.Get(id);
        RivalClaim[] standing = [.. task.Attempts.Where(IsPast).SelectMany(static a => a.Rivals).OrderBy(static r => r.Committed)];
        if (standing.Length == 0)
            return standing;
        step.State.Tasks.Put(task with { Attempts = Array.ConvertAll(task.Attempts, static a => IsPast(a) ? a with { Rivals = [] } : a) });
        foreach (var claim in standing)
            Bonding.Unlock(step, claim.Challenger, claim.Bond);
        return standing;
    }

    private static bool IsPast(AttemptRecord attempt) => attempt.Status == AttemptStatus.Convicted;
}
