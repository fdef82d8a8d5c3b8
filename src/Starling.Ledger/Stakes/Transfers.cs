using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Stakes;

/// <summary>Transfers between accounts, their end, and new units where genesis allows them.</summary>
internal static class Transfers
{
    public static FailureCode Transfer(Step step, Transfer body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (body.Asset == AssetKind.Credit)
        {
            if (!Purse.TryTake(step, step.Sender, new Credits(body.Micro)))
                return FailureCode.CreditsShort;
            Purse.Give(step, body.To, new Credits(body.Micro));
        }
        else
        {
            if (!Purse.TryTake(step, step.Sender, new Tokens(body.Micro)))
                return FailureCode.TokensShort;
            Purse.Give(step, body.To, new Tokens(body.Micro));
        }

        return IsDust(step, step.Sender, body.Asset) || IsDust(step, body.To, body.Asset)
            ? FailureCode.BelowMinimum
            : FailureCode.None;
    }

    public static FailureCode Mint(Step step, Mint body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (Array.IndexOf(step.State.Genesis.Minters, step.Sender) < 0)
            return FailureCode.NotAllowed;
        var network = step.State.Network;
        if (body.Asset == AssetKind.Credit)
        {
            var issued = network.CreditsIssued + new Credits(body.Micro);
            if (issued.Micro > step.Rules.MaxSupply)
                return FailureCode.SupplyExceeded;
            step.State.SetNetwork(network with { CreditsIssued = issued });
            Purse.Give(step, body.To, new Credits(body.Micro));
        }
        else
        {
            var issued = network.TokensIssued + new Tokens(body.Micro);
            if (issued.Micro > step.Rules.MaxSupply)
                return FailureCode.SupplyExceeded;
            step.State.SetNetwork(network with { TokensIssued = issued });
            Purse.Give(step, body.To, new Tokens(body.Micro));
        }

        return IsDust(step, body.To, body.Asset) ? FailureCode.BelowMinimum : FailureCode.None;
    }

    public static FailureCode Close(Step step, CloseAccount body)
    {
        if (body.To == step.Sender)
            return FailureCode.NotAllowed;
        var account = step.State.Accounts.Get(step.Sender);
        if (account.Credits > Credits.Zero)
            Purse.Give(step, body.To, account.Credits);
        if (account.Tokens > Tokens.Zero)
            Purse.Give(step, body.To, account.Tokens);
        if (IsDust(step, body.To, AssetKind.Credit) || IsDust(step, body.To, AssetKind.Token))
            return FailureCode.BelowMinimum;
        step.State.Accounts.Put(account with
        {
            Credits = Credits.Zero,
            Tokens = Tokens.Zero,
            Forget = step.Time.After(step.Rules.LongestValidMs + 1),
        });
        step.Emit(new AccountClosed(step.Sender, body.To, account.Credits, account.Tokens));
        return FailureCode.None;
    }

    /// <summary>Drops a closed account, unless money came in meanwhile.</summary>
    public static void Forget(Step step, NodeId id)
    {
        var account = step.State.Accounts.Get(id);
        if (account.Credits == Credits.Zero && account.Tokens == Tokens.Zero)
        {
            step.State.Accounts.Remove(id);
            step.Emit(new AccountForgotten(id));
        }
        else
        {
            step.State.Accounts.Put(account with { Forget = null });
        }
    }

    private static bool IsDust(Step step, NodeId id, AssetKind asset)
    {
        if (step.State.Accounts.Find(id) is not { } account)
            return false;
        var held = asset == AssetKind.Credit ? account.Credits.Micro : account.Tokens.Micro;
        return held > 0 && held < step.Rules.MinBalance;
    }
}
