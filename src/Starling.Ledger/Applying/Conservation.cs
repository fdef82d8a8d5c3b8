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
        foreach (var pool in state.Pools.InOrder())
            (credits, tokens) = (credits + pool.Rewards, tokens + pool.Tokens + pool.Leaving);
        credits += state.Sentinels.Pool;
        foreach (var plant in state.Plants.InOrder())
            credits += plant.Reserved;
        foreach (var request in state.ChunkRequests.InOrder())
            credits += request.Price;
        foreach (var channel in state.Channels.InOrder())
            credits += channel.Left;
        foreach (var auction in state.Auctions.InOrder())
        {
            credits += auction.Deposit;
            foreach (var bid in auction.Bids)
                credits += bid.Bond;
        }

        if (RentBooks.Check(state, out var rents) is { } problem)
            return problem;
        credits += rents;
        var network = state.Network;
        (credits, tokens) = (credits + network.VaultCredits, tokens + network.VaultTokens);
        if (credits + network.CreditsBurned != network.CreditsIssued)
            return $"credits: {credits} held + {network.CreditsBurned} burned, {network.CreditsIssued} issued";
        if (tokens + network.TokensBurned != network.TokensIssued)
            return $"tokens: {tokens} held + {network.TokensBurned} burned, {network.TokensIssued} issued";
        return Commitments.Check(state) ?? PoolBooks.Check(state);
    }
}
