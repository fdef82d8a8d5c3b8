using Starling.Ledger.State;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Applying;

/// <summary>Checks every pool against its members: shares, and rewards to the last fraction of a micro-credit.</summary>
internal static class PoolBooks
{
    public static string? Check(LedgerState state)
    {
        var shares = new Dictionary<NodeId, (ulong Staying, ulong Leaving)>();
        var owed = new Dictionary<NodeId, UInt128>();
        foreach (var part in state.Delegations.InOrder())
        {
            var (staying, leaving) = shares.GetValueOrDefault(part.Pool);
            foreach (var exit in part.Exits)
                leaving += exit.Shares;
            shares[part.Pool] = (staying + part.Shares, leaving);
            var index = state.Pools.Get(part.Pool).Index;
            owed[part.Pool] = owed.GetValueOrDefault(part.Pool)
                + ((UInt128)part.Shares * unchecked(index - part.Index)) + part.Fraction + (part.Pending.Micro << 64);
        }

        foreach (var pool in state.Pools.InOrder())
        {
            if (shares.GetValueOrDefault(pool.Id) != (pool.Shares, pool.LeavingShares))
                return $"pool {pool.Id}: {pool.Shares} and {pool.LeavingShares} shares, its members hold others";
            if (pool.Rewards.Micro << 64 != owed.GetValueOrDefault(pool.Id) + pool.Remainder)
                return $"pool {pool.Id}: {pool.Rewards} of rewards are not what its members are owed";
            if (pool.Tokens.Micro > pool.Shares || pool.Leaving.Micro > pool.LeavingShares)
                return $"pool {pool.Id}: a share is worth more than a token";
        }

        return null;
    }
}
