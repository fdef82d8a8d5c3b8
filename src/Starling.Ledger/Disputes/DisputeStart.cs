using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>
/// Opens disputes. One is open per attempt; other challengers wait in line, in the order of their commitments, and none
/// is shielded by another's loss.
/// </summary>
internal static class DisputeStart
{
    /// <summary>A turn allows three times the replay of what is in doubt (protocol.md, 15).</summary>
    private const int ReplaysPerTurn = 3;

    private const int MostDoublings = 10;

    /// <summary>
    /// Locks a challenger's bond and opens its dispute, or puts it in line. While nobody has moved in the open dispute, it
    /// gives way to a challenger that committed earlier, so that showing first gains nothing.
    /// </summary>
    public static void Challenge(Step step, TaskRecord task, RivalClaim claim)
    {
        var attempt = task.Current;
        if (IsChallenging(step, attempt, claim.Challenger) || attempt.Rivals.Length == RivalClaim.Limit)
            return;
        Bonding.Lock(step, claim.Challenger, claim.Bond);
        if (attempt.Dispute is not { } id)
        {
            Open(step, task, claim, step.Time);
            return;
        }

        var open = step.State.Disputes.Get(id);
        var gives = open.IsUnmoved && claim.Committed.CompareTo(open.Committed) < 0;
        task = task.WithCurrent(attempt with { Rivals = Placed(attempt.Rivals, gives ? open.Claim : claim) });
        if (!gives)
        {
            step.State.Tasks.Put(task);
            return;
        }

        step.State.Disputes.Remove(id);
        step.Emit(new DisputeClosed(id, task.Id, attempt.Number, open.Challenger, DisputeOutcome.GaveWay));
        Open(step, task, claim, open.Since);
    }

    /// <summary>The stake behind a challenge: as much as the task bond, at least the rule's.</summary>
    public static Tokens BondFor(Step step, AttemptRecord attempt, NodeId challenger)
    {
        var least = LeastBond(step, challenger);
        return step.Rules.StakeRequired && attempt.Bond > least ? attempt.Bond : least;
    }

    /// <summary>What any challenge locks: twice as much for each that its challenger lost in a row (protocol.md, 10).</summary>
    public static Tokens LeastBond(Step step, NodeId challenger) => step.Rules.StakeRequired
        ? new Tokens(step.Rules.ChallengeBond) * (1UL << Math.Min(step.Stake(challenger).LostChallenges, MostDoublings))
        : Tokens.Zero;

    public static bool IsChallenging(Step step, AttemptRecord attempt, NodeId challenger) =>
        (attempt.Dispute is { } id && step.State.Disputes.Get(id).Challenger == challenger)
        || Array.Exists(attempt.Rivals, r => r.Challenger == challenger);

    /// <summary>Opens the dispute of a challenger whose bond is locked already.</summary>
    /// <param name="step">The batch.</param>
    /// <param name="task">Its current attempt is in doubt.</param>
    /// <param name="claim">What the challenger holds.</param>
    /// <param name="since">Since when the result waits for it.</param>
    public static void Open(Step step, TaskRecord task, RivalClaim claim, Timestamp since)
    {
        task = Panel.Convene(step, task);
        var attempt = task.Current;
        var id = Derived.DisputeId(task.Id, attempt.Number, claim.Challenger);
        var turn = TurnMs(step.Rules, task.Issue.Work);
        var dispute = new DisputeRecord(
            id, task.Id, attempt.Number, attempt.Provider, claim.Challenger, claim.Root, claim.Bond, step.Height,
            attempt.Claim!.TraceLength > 0 ? DisputeTurn.Defender : DisputeTurn.Challenger, step.Time.After(turn), turn,
            DisputePosition.Start)
        {
            Committed = claim.Committed,
            Drawn = claim.Drawn,
            Since = since,
        };
        step.State.Disputes.Put(dispute);
        step.State.Tasks.Put(task.WithCurrent(attempt with { Dispute = id }));
        step.Emit(new DisputeOpened(
            id, task.Id, attempt.Number, attempt.Provider, claim.Challenger, dispute.Due));
    }

    /// <summary>The line with one more, in the order of the commitments.</summary>
    private static RivalClaim[] Placed(RivalClaim[] line, RivalClaim claim)
    {
        var before = Array.FindLastIndex(line, r => r.Committed.CompareTo(claim.Committed) <= 0) + 1;
        return [.. line[..before], claim, .. line[before..]];
    }

    private static long TurnMs(Rules rules, ulong work) =>
        rules.TurnBaseMs + (ReplaysPerTurn * Deadlines.SlowMs(rules, work));
}
