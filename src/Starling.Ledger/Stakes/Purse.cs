using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Stakes;

/// <summary>Moves free money of accounts.</summary>
internal static class Purse
{
    public static void Give(Step step, NodeId to, Credits amount)
    {
        var account = Of(step, to);
        step.State.Accounts.Put(account with { Credits = account.Credits + amount });
    }

    public static void Give(Step step, NodeId to, Tokens amount)
    {
        var account = Of(step, to);
        step.State.Accounts.Put(account with { Tokens = account.Tokens + amount });
    }

    /// <summary>False, and nothing moved, when the account holds less.</summary>
    public static bool TryTake(Step step, NodeId from, Credits amount)
    {
        var account = Of(step, from);
        if (account.Credits < amount)
            return false;
        step.State.Accounts.Put(account with { Credits = account.Credits - amount });
        return true;
    }

    /// <summary>False, and nothing moved, when the account holds less.</summary>
    public static bool TryTake(Step step, NodeId from, Tokens amount)
    {
        var account = Of(step, from);
        if (account.Tokens < amount)
            return false;
        step.State.Accounts.Put(account with { Tokens = account.Tokens - amount });
        return true;
    }

    private static AccountRecord Of(Step step, NodeId id) =>
        step.State.Accounts.Find(id) ?? new AccountRecord(id, Credits.Zero, Tokens.Zero, 0);
}
