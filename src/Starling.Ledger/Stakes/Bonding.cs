using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Stakes;

/// <summary>Stake goes in at once and comes out after the unbonding time, slashable until then.</summary>
internal static class Bonding
{
    public static FailureCode Bond(Step step, Bond body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (!Purse.TryTake(step, step.Sender, new Tokens(body.Micro)))
            return FailureCode.TokensShort;
        var stake = step.Stake(step.Sender);
        step.State.Stakes.Put(stake with { Bonded = stake.Bonded + new Tokens(body.Micro) });
        step.MarketChanged();
        return FailureCode.None;
    }

    public static FailureCode Unbond(Step step, Unbond body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        var stake = step.Stake(step.Sender);
        var amount = new Tokens(body.Micro);
        if (stake.Free < amount || stake.Bonded - amount < Offered(step, stake))
            return FailureCode.StakeShort;
        if (stake.Unbonding.Length == StakeRecord.MaxUnbonding)
            return FailureCode.TooManyUnbonding;
        var entry = new UnbondingEntry(amount, step.Time.After(step.Rules.UnbondingMs));
        step.State.Stakes.Put(stake with { Bonded = stake.Bonded - amount, Unbonding = [.. stake.Unbonding, entry] });
        return FailureCode.None;
    }

    /// <summary>Stake that must stay behind the slots on offer.</summary>
    public static Tokens Offered(Step step, StakeRecord stake) =>
        step.Rules.StakeRequired ? new Tokens(step.Rules.SlotBond) * (ulong)stake.Slots : Tokens.Zero;

    public static bool TryLock(Step step, NodeId id, Tokens amount)
    {
        if (amount == Tokens.Zero)
            return true;
        if (step.Stake(id).Free < amount)
            return false;
        Lock(step, id, amount);
        return true;
    }

    /// <summary>Locks an amount whether or not so much is free: what is locked twice is lost once.</summary>
    public static void Lock(Step step, NodeId id, Tokens amount)
    {
        if (amount == Tokens.Zero)
            return;
        var stake = step.Stake(id);
        step.State.Stakes.Put(stake with { Locked = stake.Locked + amount });
    }

    public static void Unlock(Step step, NodeId id, Tokens amount)
    {
        if (amount == Tokens.Zero)
            return;
        var stake = step.Stake(id);
        if (stake.Free == Tokens.Zero)
            step.MarketChanged();
        step.State.Stakes.Put(stake with { Locked = stake.Locked - amount });
    }

    /// <summary>Releases stake that has served its time, and ends jail terms and exclusions.</summary>
    public static void Due(Step step, NodeId id)
    {
        var stake = step.Stake(id);
        var done = 0;
        while (done < stake.Unbonding.Length && stake.Unbonding[done].Release <= step.Time)
        {
            var amount = stake.Unbonding[done++].Amount;
            if (amount == Tokens.Zero)
                continue;
            Purse.Give(step, id, amount);
            step.Emit(new Unbonded(id, amount));
        }

        stake = stake with { Unbonding = stake.Unbonding[done..] };
        if (stake.BarredUntil != default && stake.BarredUntil <= step.Time)
        {
            stake = stake with { BarredUntil = default, Jailed = false };
            step.MarketChanged();
        }

        step.State.Stakes.Put(stake);
    }
}
