using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Simulation.Engine;

namespace Starling.Simulation.Market;

/// <summary>Does tasks as its style says, and defends whatever it has shown.</summary>
public sealed class MarketProvider(ISigner key, ProviderStyle style, Device device, SimRandom random)
{
    /// <summary>What a staller leaves of a deadline: enough to make a refused move again.</summary>
    private const long MarginMs = 20;

    private readonly Hash256 _salt = Blake3.Hash(key.Id.Key.ToArray());
    private readonly HashSet<TaskId> _reported = [];

    public ISigner Key => key;

    public ProviderStyle Style => style;

    public void Act(MarketLedger ledger, MarketTask task, Hash256? neighbour)
    {
        var record = ledger.State.Tasks.Find(task.Id)!;
        var attempt = record.Current;
        if (attempt.Status <= AttemptStatus.Committed && Waits(ledger, attempt.Due))
            return;
        if (attempt.Status == AttemptStatus.Issued && !style.Silent)
            Commit(ledger, task, record, neighbour);
        else if (attempt.Status == AttemptStatus.Committed && !style.Hides && !task.Shown)
            Show(ledger, task, attempt.Number);
        else if (task.IsLie && attempt is { Claim: not null, IsOpen: true } && style.Accomplice is { } accomplice)
            Report(ledger, accomplice, task, attempt);
    }

    /// <summary>A move of a dispute in which this provider defends a result.</summary>
    public void Defend(MarketLedger ledger, MarketTask task, DisputeRecord dispute)
    {
        if (Waits(ledger, dispute.Due))
            return;
        if (dispute.Position.Level > 0)
        {
            ledger.Send(key, new OpenInputs(dispute.Id, []));
            return;
        }

        // What it claims is what it ran; the machine that lists it now may go wrong now.
        var (wrong, lie) = device.Run();
        ledger.Send(key, new PostClaims(dispute.Id, wrong < CheapProgram.States
            ? CheapProgram.Trace(task.Id, wrong, lie)
            : CheapProgram.Trace(task.Id, task.FirstWrong, task.Lie)));
    }

    /// <summary>Whether a staller leaves a deadline for later.</summary>
    private bool Waits(MarketLedger ledger, Timestamp due)
    {
        if (!style.Stalls || ledger.Now.After(MarginMs) >= due)
            return false;
        ledger.WakeAt(new Timestamp(due.Milliseconds - MarginMs));
        return true;
    }

    private void Commit(MarketLedger ledger, MarketTask task, TaskRecord record, Hash256? neighbour)
    {
        if (style.Copies && neighbour is null)
            return;
        var stake = ledger.State.Stakes.Find(key.Id)!;
        task.IsLie = style.Lies?.Invoke(new Situation(ledger.State, record, stake)) ?? false;
        (task.FirstWrong, task.Lie) = task.IsLie ? (style.FirstWrong, random.Next()) : device.Run();
        task.Claim = CheapProgram.Wrong(task.Id, task.FirstWrong, task.Lie);
        task.IsTrue = task.Claim.Equals(CheapProgram.Truth(task.Id));
        var attempt = record.Current.Number;
        var commitment = style.Copies
            ? neighbour!.Value
            : Derived.Commitment(ledger.State.Chain, task.Id, attempt, key.Id, _salt, task.Claim.Root());
        ledger.Send(key, new CommitResult(task.Id, attempt, commitment));
    }

    private void Show(MarketLedger ledger, MarketTask task, int attempt)
    {
        task.Shown = true;
        ledger.Send(key, new RevealResult(task.Id, attempt, _salt, task.Claim!));
    }

    private void Report(MarketLedger ledger, ISigner accomplice, MarketTask task, AttemptRecord attempt)
    {
        var verdict = new Verdict(task.Id, attempt.Number, CheapProgram.Truth(task.Id).Root());
        if (_reported.Add(task.Id))
            ledger.Send(accomplice, new CommitChallenge(
                Derived.ChallengeCommitment(ledger.State.Chain, accomplice.Id, _salt, verdict)));
        else if (attempt.Dispute is null)
            ledger.Send(accomplice, new RevealChallenge(verdict, _salt));
    }
}
