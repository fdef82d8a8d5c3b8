using Starling.Ledger.Records;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Disputing;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Adversaries;

/// <summary>
/// A node that challenges every result, or only those of one worker. Whoever challenges everything is a spammer: each
/// challenge lost takes its stake and doubles what the next must lock. Whoever challenges an accomplice's lies for the
/// reporter's share gets back two fifths of what the two lose.
/// </summary>
public sealed class Challenger : ChainRole
{
    private readonly DisputeDesk _disputes;
    private readonly NodeId? _whom;
    private readonly bool _plays;

    /// <param name="node">The key, which must hold tokens.</param>
    /// <param name="whom">Whose results it challenges; null for everyone's.</param>
    /// <param name="plays">Whether it plays its disputes honestly; otherwise it stays silent in them.</param>
    public Challenger(NodeSettings node, NodeId? whom, bool plays)
        : base(node)
    {
        (_whom, _plays) = (whom, plays);
        _disputes = new DisputeDesk(Self, Blobs, Outbox);
    }

    private protected override void Handle(Timestamp now, Input input, EffectList effects) =>
        _disputes.Take(now, input, effects);

    private protected override void Act(Timestamp now, EffectList effects)
    {
        if (State.Accounts.Find(Self) is { } account && account.Tokens > Tokens.Zero)
            Outbox.Submit(now, "bond", new Bond((ulong)account.Tokens.Micro), effects);
        foreach (var task in State.Tasks.InOrder())
            if (task.Phase == TaskPhase.Live && task.Current is { Claim: not null, IsOpen: true } attempt
                && attempt.Provider != Self && (_whom is null || attempt.Provider == _whom))
                Challenge(now, task, attempt, effects);
        if (_plays)
            _disputes.Act(now, State, effects);
    }

    private void Challenge(Timestamp now, TaskRecord task, AttemptRecord attempt, EffectList effects)
    {
        var name = $"{task.Id}/{attempt.Number}";
        var verdict = new Verdict(task.Id, attempt.Number, Blake3.Hash("another root"u8));
        var salt = Settings.Derive("challenge", task.Id.Hash, attempt.Number);
        var commitment = Derived.ChallengeCommitment(State.Chain, Self, salt, verdict);
        if (State.Challenges.Find(commitment) is not null)
            Outbox.Submit(now, $"reveal/{name}", new RevealChallenge(verdict, salt), effects);
        else if (attempt.DisputesWon == 0 && attempt.Dispute is null)
            Outbox.Submit(now, $"challenge/{name}", new CommitChallenge(commitment), effects);
    }
}
