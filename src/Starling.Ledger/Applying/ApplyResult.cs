using Starling.Ledger.Events;

namespace Starling.Ledger.Applying;

/// <summary>What applying a batch did. When refused, there are no outcomes and no events, and nothing changed.</summary>
public sealed record ApplyResult(
    BatchRefusal Refusal, IReadOnlyList<Outcome> Outcomes, IReadOnlyList<LedgerEvent> Events)
{
    public bool Applied => Refusal == BatchRefusal.None;

    internal static ApplyResult Refused(BatchRefusal refusal) => new(refusal, [], []);
}
