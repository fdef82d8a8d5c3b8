using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>Rules are data chosen by height: announced long before, in force from one batch on, never for what was.</summary>
internal static class RuleChanges
{
    public static FailureCode Announce(Step step, AnnounceRules body)
    {
        var (genesis, change) = (step.State.Genesis, body.Change);
        if (genesis.RulesKey is not { } key || key != step.Sender)
            return FailureCode.NotAllowed;
        if (change.Height <= step.Height || change.Height - step.Height < step.Rules.RuleNotice)
            return FailureCode.NoticeShort;
        var book = step.State.RuleBook;
        var at = Array.FindIndex(book.Next, c => c.Height >= change.Height);
        var others = Array.FindAll(book.Next, c => c.Height != change.Height);
        if (others.Length == GenesisRecord.MaxChanges)
            return FailureCode.TooManyChanges;
        at = at < 0 ? others.Length : at;
        step.State.SetRuleBook(book with { Next = [.. others[..at], change, .. others[at..]] });
        step.Emit(new RulesAnnounced(change.Height));
        return FailureCode.None;
    }

    /// <summary>Puts the rules of this batch in force, before anything else of it.</summary>
    public static void TakeEffect(Step step)
    {
        var book = step.State.RuleBook;
        if (book.Next is not [var first, ..] || first.Height > step.Height)
            return;
        step.State.SetRuleBook(new RuleBookRecord(first.Height, first.Rules, book.Next[1..]));
        step.Emit(new RulesChanged(first.Height));
        step.MarketChanged();
    }
}
