using Starling.Ledger.Applying;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Stakes;

/// <summary>Transfers between accounts, and new units where genesis allows them.</summary>
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
            return FailureCode.None;
        }

        if (!Purse.TryTake(step, step.Sender, new Tokens(body.Micro)))
            return FailureCode.TokensShort;
        Purse.Give(step, body.To, new Tokens(body.Micro));
        return FailureCode.None;
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

        return FailureCode.None;
    }
}
