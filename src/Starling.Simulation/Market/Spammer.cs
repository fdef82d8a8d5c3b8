using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;

namespace Starling.Simulation.Market;

/// <summary>Challenges results at random, whatever they are, for as long as it has stake; then it says nothing more.</summary>
public sealed class Spammer(ISigner key, SimRandom random, double share)
{
    private readonly Hash256 _salt = Blake3.Hash(key.Id.Key.ToArray());
    private readonly Dictionary<TaskId, int> _stage = [];

    public ISigner Key => key;

    public void Act(MarketLedger ledger, MarketTask task)
    {
        var attempt = ledger.State.Tasks.Find(task.Id)!.Current;
        if (attempt is not { Claim: not null, IsOpen: true })
            return;
        var stage = _stage.TryGetValue(task.Id, out var s) ? s : random.Chance(share) ? 0 : 2;
        _stage[task.Id] = stage + 1;
        var verdict = new Verdict(task.Id, attempt.Number, CheapProgram.Wrong(task.Id, 0, 99).Root());
        if (stage == 0)
            ledger.Send(key, new CommitChallenge(
                Derived.ChallengeCommitment(ledger.State.Chain, key.Id, _salt, verdict)));
        else if (stage == 1)
            ledger.Send(key, new RevealChallenge(verdict, _salt));
    }
}
