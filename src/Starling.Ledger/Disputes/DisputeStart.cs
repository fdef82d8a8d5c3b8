using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>Opens disputes. One is open per attempt; other challengers wait in line, and none is shielded by another's loss.</summary>
internal static class DisputeStart
{
    /// <summary>A turn allows three times the replay of what is in doubt (protocol.md, 15).</summary>
    private const int ReplaysPerTurn = 3;

    private const int MostDoublings = 10;

    /// <summary>Locks a challenger's bond and opens its dispute, or puts it in line.</summary>
    public static void Challenge(Step step, TaskRecord task, NodeId challenger, Hash256 root, Tokens bond)
    {
        var attempt = task.Current;
        if (IsChallenging(step, attempt, challenger))
            return;
        Bonding.Lock(step, challenger, bond);
        var rival = new RivalClaim(challenger, root, bond);
        if (attempt.Dispute is null)
            Open(step, task, rival);
        else
            step.State.Tasks.Put(task.WithCurrent(attempt with { Rivals = [.. attempt.Rivals, rival] }));
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
    public static void Open(Step step, TaskRecord task, RivalClaim rival)
    {
        var attempt = task.Current;
        var id = Derived.DisputeId(task.Id, attempt.Number, rival.Challenger);
        var turn = TurnMs(step.Rules, task.Issue.Work);
        var dispute = new DisputeRecord(
            id, task.Id, attempt.Number, attempt.Provider, rival.Challenger, rival.Root, rival.Bond, step.Height,
            attempt.Claim!.TraceLength > 0 ? DisputeTurn.Defender : DisputeTurn.Challenger, step.Time.After(turn), turn,
            DisputePosition.Start);
        step.State.Disputes.Put(dispute);
        step.State.Tasks.Put(task.WithCurrent(attempt with { Dispute = id }));
        step.Emit(new DisputeOpened(
            id, task.Id, attempt.Number, attempt.Provider, rival.Challenger, dispute.Due));
    }

    private static long TurnMs(Rules rules, ulong work) =>
        rules.TurnBaseMs + (ReplaysPerTurn * Deadlines.SlowMs(rules, work));
}
