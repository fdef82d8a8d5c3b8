using Starling.Ledger.Events;

namespace Starling.Ledger.Applying;

/// <summary>What applying a batch did. When refused, there are no outcomes and no events, and nothing changed.</summary>
/// <param name="Refusal">Why not, if it was not applied.</param>
/// <param name="Outcomes">Of its transactions, in order.</param>
/// <param name="Events">What they and time brought about, in order.</param>
/// <param name="EventsBefore">Per transaction, how many of the events came before it; then before what ended the batch.</param>
public sealed record ApplyResult(
    BatchRefusal Refusal, IReadOnlyList<Outcome> Outcomes, IReadOnlyList<LedgerEvent> Events,
    IReadOnlyList<int> EventsBefore)
{
    public bool Applied => Refusal == BatchRefusal.None;

    internal static ApplyResult Refused(BatchRefusal refusal) => new(refusal, [], [], []);
}
