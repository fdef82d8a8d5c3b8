using Starling.Ledger.Audits;
using Starling.Ledger.Records;
using Starling.Node.Chain;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Simulation.Market;

/// <summary>Judges what it is drawn for as its style says.</summary>
/// <param name="key">Signs for it.</param>
/// <param name="style">How it judges.</param>
/// <param name="device">Recomputes for it.</param>
public sealed class MarketAuditor(ISigner key, AuditorStyle style, Device device)
{
    private const int SeedLength = 1 << 14;

    private readonly HashChain _seeds = new(Blake3.Hash([.. key.Id.Key.ToArray(), 1]), SeedLength);
    private readonly Hash256 _salt = Blake3.Hash(key.Id.Key.ToArray());
    private readonly Dictionary<ulong, Verdict[]> _committed = [];
    private ulong _first;

    public ISigner Key => key;

    public AuditorStyle Style => style;

    /// <summary>What it recomputed, in prices of a task.</summary>
    public double Recomputed { get; private set; }

    public void Enrol(MarketLedger ledger) => ledger.Send(key, new EnrolAuditor(_seeds.Tip));

    public void Enrolled(MarketLedger ledger) => _first = ledger.State.Auditors.Find(key.Id)!.TipEpoch;

    public void Act(MarketLedger ledger, Func<TaskId, MarketTask> find)
    {
        if (style == AuditorStyle.Silent)
            return;
        foreach (var epoch in ledger.State.OpenEpochs())
        {
            var index = epoch.IndexOf(key.Id);
            if (index < 0)
                continue;
            var progress = epoch.Auditors[index].Progress;
            if (epoch.Phase == EpochPhase.Committing && progress == AuditorProgress.Owing)
                Commit(ledger, epoch.Number, find);
            else if (epoch.Phase == EpochPhase.Revealing && progress == AuditorProgress.Committed)
                ledger.Send(key, new RevealVerdicts(
                    epoch.Number, _seeds[epoch.Number - _first], _salt, _committed[epoch.Number]));
        }
    }

    /// <summary>A move of a dispute that this auditor's verdict opened: the first item that its own run does not give.</summary>
    public void Choose(MarketLedger ledger, MarketTask task, DisputeRecord dispute)
    {
        if (style == AuditorStyle.AlwaysDisputes)
        {
            ledger.Send(key, new ChooseClaim(dispute.Id, CheapProgram.States - 1));
            return;
        }

        var (wrong, lie) = device.Run();
        var own = CheapProgram.Trace(task.Id, wrong, lie);
        var index = 0;
        while (index < CheapProgram.States && own[index] == dispute.Position.Claims[index])
            index++;
        ledger.Send(key, new ChooseClaim(dispute.Id, index));
    }

    private void Commit(MarketLedger ledger, ulong epoch, Func<TaskId, MarketTask> find)
    {
        var drawn = Draws.Selected(ledger.State, key.Id, _seeds[epoch - _first], epoch);
        Verdict[] verdicts = [.. drawn.Select(d => new Verdict(d.Task, d.Attempt, Judge(find(d.Task))))];
        _committed[epoch] = verdicts;
        ledger.Send(key, new CommitVerdicts(
            epoch, Derived.VerdictsCommitment(ledger.State.Chain, epoch, key.Id, _salt, verdicts)));
    }

    private Hash256 Judge(MarketTask task)
    {
        if (style == AuditorStyle.AlwaysAgrees || (style == AuditorStyle.Colludes && task.IsLie))
            return task.Claim!.Root();
        if (style == AuditorStyle.AlwaysDisputes)
            return CheapProgram.Wrong(task.Id, 1, 77).Root();
        // As the auditor of a node does: what differs is computed again before anybody is accused of it.
        var shown = task.Claim!.Root();
        Hash256 own = default, before;
        do
        {
            before = own;
            Recomputed += task.Price;
            own = device.Compute(task.Id).Root();
        }
        while (own != shown && own != before);
        return own;
    }
}
