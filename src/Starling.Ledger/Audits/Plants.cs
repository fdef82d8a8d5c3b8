using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Audits;

/// <summary>
/// Errors planted for auditors to find (protocol.md, 9): fixed by the sentinels before their task is given to anyone,
/// counted, capped, paid for by a funded pool, shown in any case, and fed into no plan.
/// </summary>
internal static class Plants
{
    public static FailureCode Fund(Step step, FundSentinels body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (step.State.Genesis.Sentinel is null)
            return FailureCode.NotAllowed;
        if (!Purse.TryTake(step, step.Sender, new Credits(body.Micro)))
            return FailureCode.CreditsShort;
        var sentinels = step.State.Sentinels;
        step.State.SetSentinels(sentinels with { Pool = sentinels.Pool + new Credits(body.Micro) });
        return FailureCode.None;
    }

    public static FailureCode Register(Step step, PlantError body)
    {
        if (step.State.Genesis.Sentinel is not { } key || key != step.Sender)
            return FailureCode.NotAllowed;
        if (step.State.Plants.Find(body.Commitment) is not null)
            return FailureCode.AlreadyCommitted;
        if ((ulong)step.State.Plants.Count >= step.Rules.MostPlants)
            return FailureCode.TooManyPlants;
        var (sentinels, jackpot) = (step.State.Sentinels, new Credits(step.Rules.PlantJackpot));
        if (sentinels.Pool < jackpot)
            return FailureCode.CreditsShort;
        step.State.SetSentinels(sentinels with { Pool = sentinels.Pool - jackpot, Planted = sentinels.Planted + 1 });
        step.State.Plants.Put(new PlantRecord(body.Commitment, step.Height, jackpot, step.Time.After(step.Rules.PlantMs)));
        return FailureCode.None;
    }

    public static FailureCode Reveal(Step step, RevealPlant body)
    {
        if (step.State.Genesis.Sentinel is not { } key || key != step.Sender)
            return FailureCode.NotAllowed;
        if (step.State.Plants.Find(Derived.PlantCommitment(step.State.Chain, body.Task, body.Salt)) is not { } plant)
            return FailureCode.UnknownPlant;
        if (step.State.Tasks.Find(body.Task) is not { } task)
            return FailureCode.UnknownTask;
        var attempt = task.Current;
        if (attempt.Number != body.Attempt)
            return FailureCode.WrongAttempt;
        if (attempt.Claim is null || !attempt.IsOpen)
            return FailureCode.ResultNotOpen;
        if (attempt.Provider == step.Sender)
            return FailureCode.OwnResult;
        if (attempt.Issued <= plant.Height)
            return FailureCode.PlantedTooLate;
        // Before the epoch is over a word of the sentinels would be a hint.
        if (attempt.Status is not (AttemptStatus.Audited or AttemptStatus.Waiting))
            return FailureCode.WrongPhase;

        var finders = FindersOf(step, attempt);
        step.State.Plants.Remove(plant.Commitment);
        Failing.EndPlanted(step, task);
        foreach (var auditor in attempt.Auditors)
            Verdicts.Penalise(step, auditor, 1);
        var left = plant.Reserved;
        var each = new Credits(plant.Reserved.Micro >> Math.Min(Math.Max(finders.Length - 1, 0), 127));
        foreach (var finder in finders)
        {
            if (each == Credits.Zero || each > left)
                break;
            left -= each;
            Purse.Give(step, finder, each);
            step.Emit(new PlantPaid(task.Id, finder, each));
        }

        var sentinels = step.State.Sentinels;
        step.State.SetSentinels(sentinels with
        {
            Pool = sentinels.Pool + left,
            Found = sentinels.Found + (finders.Length > 0 ? 1u : 0),
            Missed = sentinels.Missed + (finders.Length > 0 ? 0u : 1),
        });
        step.Emit(new PlantRevealed(task.Id, attempt.Number, finders.Length, attempt.Auditors.Length));
        return FailureCode.None;
    }

    /// <summary>One that was not shown in time costs the pool what finding it would have.</summary>
    public static void Lapse(Step step, Hash256 commitment)
    {
        var plant = step.State.Plants.Get(commitment);
        step.State.Plants.Remove(commitment);
        var network = step.State.Network;
        step.State.SetNetwork(network with { CreditsBurned = network.CreditsBurned + plant.Reserved });
        step.State.SetSentinels(step.State.Sentinels with { Lapsed = step.State.Sentinels.Lapsed + 1 });
        step.Emit(new PlantLapsed(commitment, plant.Reserved));
    }

    /// <summary>Whoever challenges the result, in order; each once.</summary>
    private static NodeId[] FindersOf(Step step, AttemptRecord attempt)
    {
        var finders = new List<NodeId>();
        if (attempt.Dispute is { } id)
            finders.Add(step.State.Disputes.Get(id).Challenger);
        foreach (var rival in attempt.Rivals)
            finders.Add(rival.Challenger);
        return [.. finders.Distinct()];
    }
}
