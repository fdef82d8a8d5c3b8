using Starling.Ledger.Records;
using Starling.Protocol.Genesis;

namespace Starling.Ledger.State;

/// <summary>Makes the state at height 0.</summary>
public static class GenesisState
{
    /// <exception cref="ArgumentException">
    /// An account is named twice, the supply is above the limit, the start is no date, or the rules contradict themselves.
    /// </exception>
    public static LedgerState Create(GenesisRecord genesis)
    {
        if (genesis.Start.Milliseconds is < 0 or > Applying.BatchRules.LastTime)
            throw new ArgumentException("genesis starts outside 1970 to 9999", nameof(genesis));
        if (genesis.Rules.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(genesis));
        if (RuleChange.Problem(genesis.Changes) is { } wrong)
            throw new ArgumentException(wrong, nameof(genesis));
        var state = new LedgerState(genesis);
        state.SetRuleBook(new RuleBookRecord(0, genesis.Rules, genesis.Changes));
        var (credits, tokens) = (Credits.Zero, Tokens.Zero);
        foreach (var account in genesis.Accounts)
        {
            if (state.Accounts.Find(account.Id) is not null)
                throw new ArgumentException($"genesis names {account.Id} twice", nameof(genesis));
            state.Accounts.Put(new AccountRecord(account.Id, new(account.Credits), new(account.Tokens), 0));
            if (account.Bond > 0)
                state.Stakes.Put(new StakeRecord(account.Id) { Bonded = new(account.Bond) });
            credits += new Credits(account.Credits);
            tokens += new Tokens(account.Tokens) + new Tokens(account.Bond);
        }

        var vault = new Tokens(genesis.Rules.EarnInVault);
        tokens += vault;
        var limit = genesis.Rules.MaxSupply;
        if (credits.Micro > limit || tokens.Micro > limit)
            throw new ArgumentException($"genesis issues more than the limit of {limit}", nameof(genesis));
        state.SetNetwork(new NetworkRecord(
            0, genesis.Start, genesis.Beacon, credits, Credits.Zero, tokens, Tokens.Zero, 1, 1, 0)
        {
            Price = genesis.Rules.Fee,
            VaultTokens = vault,
        });
        state.LastHeader = state.Chain.Hash;
        state.Commit(state.NextTree());
        return state;
    }
}
