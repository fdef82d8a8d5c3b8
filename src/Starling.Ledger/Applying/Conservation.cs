using Starling.Ledger.State;

namespace Starling.Ledger.Applying;

/// <summary>
/// The books: every unit ever issued is in exactly one place or was burned. Walks the whole state: for tests and
/// <c>ledger fsck</c>.
/// </summary>
public static class Conservation
{
    /// <summary>The first thing that does not add up, in words; null when all does.</summary>
    public static string? Check(LedgerState state)
    {
        var (credits, tokens) = (Credits.Zero, Tokens.Zero);
        foreach (var account in state.Accounts.InOrder())
            (credits, tokens) = (credits + account.Credits, tokens + account.Tokens);
        foreach (var stake in state.Stakes.InOrder())
        {
            tokens += stake.Bonded;
            foreach (var entry in stake.Unbonding)
                tokens += entry.Amount;
        }

        foreach (var job in state.Jobs.InOrder())
            credits += job.Escrow + job.Reserved;
        var network = state.Network;
        if (credits + network.CreditsBurned != network.CreditsIssued)
            return $"credits: {credits} held + {network.CreditsBurned} burned, {network.CreditsIssued} issued";
        if (tokens + network.TokensBurned != network.TokensIssued)
            return $"tokens: {tokens} held + {network.TokensBurned} burned, {network.TokensIssued} issued";
        return Commitments.Check(state);
    }
}
