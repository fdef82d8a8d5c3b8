using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Audits;

/// <summary>Anyone with stake may challenge a result that is not final: first a commitment, in a later batch the finding.</summary>
internal static class Challenges
{
    public static FailureCode Commit(Step step, CommitChallenge body)
    {
        if (step.State.Challenges.Find(body.Commitment) is not null)
            return FailureCode.ChallengeExists;
        var bond = DisputeStart.LeastBond(step, step.Sender);
        if (!Bonding.TryLock(step, step.Sender, bond))
            return FailureCode.StakeShort;
        step.State.Challenges.Put(new ChallengeRecord(
            body.Commitment, step.Sender, bond, step.Place, step.Time.After(step.Rules.ChallengeMs)));
        return FailureCode.None;
    }

    public static FailureCode Reveal(Step step, RevealChallenge body)
    {
        var verdict = body.Verdict;
        var commitment = Derived.ChallengeCommitment(step.State.Chain, step.Sender, body.Salt, verdict);
        if (step.State.Challenges.Find(commitment) is not { } challenge)
            return FailureCode.UnknownChallenge;
        if (challenge.Place.Height == step.Height)
            return FailureCode.ChallengeTooEarly;
        if (step.State.Tasks.Find(verdict.Task) is not { } task)
            return FailureCode.UnknownTask;
        var attempt = task.Current;
        if (verdict.Attempt != attempt.Number)
            return FailureCode.WrongAttempt;
        if (attempt.Claim is null || !attempt.IsOpen)
            return FailureCode.ResultNotOpen;
        if (attempt.Provider == step.Sender)
            return FailureCode.OwnResult;
        if (attempt.Claim.Root() == verdict.Root)
            return FailureCode.ChallengeAgrees;
        if (DisputeStart.IsChallenging(step, attempt, step.Sender))
            return FailureCode.RepeatedChallenge;
        if (attempt.Rivals.Count(static r => !r.Drawn) >= RivalClaim.LimitOfOthers)
            return FailureCode.TooManyRivals;

        step.State.Challenges.Remove(commitment);
        Bonding.Unlock(step, step.Sender, challenge.Bond);
        var bond = Tokens.Min(DisputeStart.BondFor(step, attempt, step.Sender), step.Stake(step.Sender).Free);
        // Whoever committed to many before it lost the first owes what the next costs now.
        if (bond < DisputeStart.LeastBond(step, step.Sender))
            return FailureCode.StakeShort;
        DisputeStart.Challenge(step, task, new RivalClaim(step.Sender, verdict.Root, bond, challenge.Place));
        return FailureCode.None;
    }

    /// <summary>A challenge that was not shown in time is void.</summary>
    public static void Lapse(Step step, Hash256 commitment)
    {
        var challenge = step.State.Challenges.Get(commitment);
        step.State.Challenges.Remove(commitment);
        Bonding.Unlock(step, challenge.Challenger, challenge.Bond);
    }
}
