using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Stakes;

/// <summary>Stake behind another key: in and out by shares, rewards per share, exact to the last fraction.</summary>
internal static class Pools
{
    private const long Day = 24L * 3_600 * 1_000;

    public static FailureCode Set(Step step, SetPool body)
    {
        var pool = step.State.Pools.Find(step.Sender);
        if (pool is not null && body.CommissionPpm > pool.CommissionPpm)
        {
            var days = (ulong)(step.Time.Milliseconds - pool.CommissionSince.Milliseconds) / (ulong)Day;
            if (body.CommissionPpm - pool.CommissionPpm > (UInt128)days * step.Rules.CommissionRisePpm)
                return FailureCode.CommissionRise;
        }

        step.State.Pools.Put((pool ?? new PoolRecord(step.Sender)) with
        {
            CommissionPpm = body.CommissionPpm,
            CommissionSince = step.Time,
        });
        return FailureCode.None;
    }

    public static FailureCode Delegate(Step step, DelegateStake body)
    {
        if (body.Micro == 0)
            return FailureCode.ZeroAmount;
        if (step.State.Pools.Find(body.Pool) is not { } pool)
            return FailureCode.UnknownPool;
        if (body.Pool == step.Sender)
            return FailureCode.NotAllowed;
        var stake = step.Stake(body.Pool);
        if (stake.Barred)
            return FailureCode.Barred;
        if (body.Micro < step.Rules.MinBalance)
            return FailureCode.BelowMinimum;
        var amount = new Tokens(body.Micro);
        if ((pool.Tokens + amount).Micro > stake.Bonded.Micro * step.Rules.PoolLimitPpm / Ppm.One)
            return FailureCode.PoolFull;
        if (!Purse.TryTake(step, step.Sender, amount))
            return FailureCode.TokensShort;
        if (Shares.ForDeposit(amount, pool.Tokens, pool.Shares) is not { } shares)
            return FailureCode.PoolDead;
        var part = Touched(step, pool, step.Sender);
        step.State.Delegations.Put(part with { Shares = part.Shares + shares });
        step.State.Pools.Put(pool with { Tokens = pool.Tokens + amount, Shares = pool.Shares + shares });
        step.Emit(new Delegated(body.Pool, step.Sender, amount, shares));
        return FailureCode.None;
    }

    public static FailureCode Undelegate(Step step, UndelegateStake body)
    {
        if (body.Shares == 0)
            return FailureCode.ZeroAmount;
        if (step.State.Pools.Find(body.Pool) is not { } pool)
            return FailureCode.UnknownPool;
        var part = Touched(step, pool, step.Sender);
        if (part.Shares < body.Shares)
            return FailureCode.SharesShort;
        if (part.Exits.Length == StakeRecord.MaxUnbonding)
            return FailureCode.TooManyUnbonding;
        var amount = Shares.Value(body.Shares, pool.Tokens, pool.Shares);
        part = part with { Shares = part.Shares - body.Shares };
        pool = pool with { Tokens = pool.Tokens - amount, Shares = pool.Shares - body.Shares };
        if (amount > Tokens.Zero)
        {
            if (Shares.ForDeposit(amount, pool.Leaving, pool.LeavingShares) is not { } leaving)
                return FailureCode.PoolDead;
            var exit = new PoolExit(leaving, step.Time.After(step.Rules.UnbondingMs));
            part = part with { Exits = [.. part.Exits, exit] };
            pool = pool with { Leaving = pool.Leaving + amount, LeavingShares = pool.LeavingShares + leaving };
        }

        step.Emit(new Undelegated(body.Pool, step.Sender, amount, body.Shares));
        Store(step, pool, part);
        return FailureCode.None;
    }

    public static FailureCode Claim(Step step, ClaimRewards body)
    {
        if (step.State.Pools.Find(body.Pool) is not { } pool)
            return FailureCode.UnknownPool;
        var part = Touched(step, pool, step.Sender);
        if (part.Pending == Credits.Zero)
            return FailureCode.ZeroAmount;
        Purse.Give(step, step.Sender, part.Pending);
        step.Emit(new RewardsClaimed(body.Pool, step.Sender, part.Pending));
        Store(step, pool with { Rewards = pool.Rewards - part.Pending }, part with { Pending = Credits.Zero });
        return FailureCode.None;
    }

    /// <summary>Releases what has served its time.</summary>
    public static void Due(Step step, DelegationId id)
    {
        var part = step.State.Delegations.Get(id);
        var pool = step.State.Pools.Get(part.Pool);
        var done = 0;
        while (done < part.Exits.Length && part.Exits[done].Release <= step.Time)
        {
            var shares = part.Exits[done++].Shares;
            var amount = Shares.Value(shares, pool.Leaving, pool.LeavingShares);
            pool = pool with { Leaving = pool.Leaving - amount, LeavingShares = pool.LeavingShares - shares };
            if (amount == Tokens.Zero)
                continue;
            Purse.Give(step, part.Member, amount);
            step.Emit(new Unbonded(part.Member, amount));
        }

        Store(step, pool, part with { Exits = part.Exits[done..] });
    }

    /// <summary>
    /// The part of what a key's work is paid that falls on the stake delegated to it, less commission. Returns what is
    /// left for the key.
    /// </summary>
    public static Credits Share(Step step, JobId job, NodeId id, Credits pay)
    {
        if (step.State.Pools.Find(id) is not { Shares: > 0 } pool || pool.Tokens == Tokens.Zero)
            return pay;
        var all = pool.Tokens + step.Stake(id).Bonded;
        var theirs = new Credits(pay.Micro * pool.Tokens.Micro / all.Micro).MulDiv(Ppm.One - pool.CommissionPpm, Ppm.One);
        if (theirs == Credits.Zero)
            return pay;
        var sum = (theirs.Micro << 64) + pool.Remainder;
        step.State.Pools.Put(pool with
        {
            Index = unchecked(pool.Index + (sum / pool.Shares)),
            Remainder = sum % pool.Shares,
            Rewards = pool.Rewards + theirs,
        });
        step.Emit(new RewardsShared(job, id, theirs));
        return pay - theirs;
    }

    /// <summary>Takes up to an amount from what is delegated to a key and what is leaving, each in proportion.</summary>
    public static Tokens Take(Step step, NodeId id, Tokens wanted)
    {
        if (wanted == Tokens.Zero || step.State.Pools.Find(id) is not { } pool)
            return Tokens.Zero;
        var all = pool.Tokens + pool.Leaving;
        var taken = Tokens.Min(wanted, all);
        if (taken == Tokens.Zero)
            return taken;
        var staying = new Tokens(taken.Micro * pool.Tokens.Micro / all.Micro);
        step.State.Pools.Put(pool with
        {
            Tokens = pool.Tokens - staying,
            Leaving = pool.Leaving - (taken - staying),
        });
        step.Emit(new PoolSlashed(id, taken));
        return taken;
    }

    /// <summary>A member's part with its rewards up to now; an empty one for whoever has none.</summary>
    private static DelegationRecord Touched(Step step, PoolRecord pool, NodeId member)
    {
        var part = step.State.Delegations.Find(DelegationId.Of(pool.Id, member))
            ?? new DelegationRecord(pool.Id, member, 0, pool.Index, 0, Credits.Zero, []);
        var earned = ((UInt128)part.Shares * unchecked(pool.Index - part.Index)) + part.Fraction;
        return part with
        {
            Index = pool.Index,
            Fraction = (ulong)(earned & ulong.MaxValue),
            Pending = part.Pending + new Credits(earned >> 64),
        };
    }

    /// <summary>A part with nothing left in it goes; its fraction stays with the pool.</summary>
    private static void Store(Step step, PoolRecord pool, DelegationRecord part)
    {
        if (part is { Shares: 0, Exits.Length: 0 } && part.Pending == Credits.Zero)
        {
            step.State.Delegations.Remove(part.Id);
            pool = pool with { Remainder = pool.Remainder + part.Fraction };
        }
        else
        {
            step.State.Delegations.Put(part);
        }

        step.State.Pools.Put(pool);
    }
}
