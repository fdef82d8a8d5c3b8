using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Stakes;

/// <summary>Takes stake away and bars keys. Unlocking what was locked is the caller's, before.</summary>
internal static class Slashing
{
    /// <summary>
    /// Takes up to an amount from bonded stake, then from what is unbonding, youngest first, then from what others
    /// delegated. Returns what was there; the caller gives or burns it.
    /// </summary>
    public static Tokens Take(Step step, NodeId id, Tokens wanted)
    {
        var own = TakeOwn(step, id, wanted);
        return own + Pools.Take(step, id, wanted - own);
    }

    /// <summary>The same, and nothing of what others delegated. An auditor whose bond it touches is out.</summary>
    public static Tokens TakeOwn(Step step, NodeId id, Tokens wanted)
    {
        var stake = step.Stake(id);
        var fromBond = Tokens.Min(wanted, stake.Bonded);
        var left = wanted - fromBond;
        var unbonding = left > Tokens.Zero ? (UnbondingEntry[])stake.Unbonding.Clone() : stake.Unbonding;
        for (var i = unbonding.Length - 1; i >= 0 && left > Tokens.Zero; i--)
        {
            var part = Tokens.Min(left, unbonding[i].Amount);
            unbonding[i] = unbonding[i] with { Amount = unbonding[i].Amount - part };
            left -= part;
        }

        if (wanted > Tokens.Zero)
            step.State.Stakes.Put(stake with { Bonded = stake.Bonded - fromBond, Unbonding = unbonding });
        Enrolment.PutOutUncovered(step, id);
        return wanted - left;
    }

    /// <summary>Takes up to an amount and burns all of it.</summary>
    public static void Burn(Step step, NodeId id, Tokens wanted, SlashReason reason)
    {
        var taken = Take(step, id, wanted);
        if (taken == Tokens.Zero)
            return;
        Destroy(step, taken);
        step.Emit(new Slashed(id, reason, taken, taken));
    }

    /// <summary>
    /// Takes up to an amount: the reporter's share to one key, the victim's to another, the rest burned. With no
    /// reporter the share is burned too.
    /// </summary>
    public static void Split(
        Step step, NodeId id, Tokens wanted, SlashReason reason, NodeId? reporter, NodeId victim)
    {
        var taken = Take(step, id, wanted);
        if (taken == Tokens.Zero)
            return;
        var left = taken;
        if (reporter is { } finder)
            left -= Compensate(step, id, finder, taken.MulDiv(step.Rules.ReporterPpm, Ppm.One), PaymentReason.Report);
        left -= Compensate(
            step, id, victim, taken.MulDiv(step.Rules.VictimPpm, Ppm.One), PaymentReason.Compensation);
        Destroy(step, left);
        step.Emit(new Slashed(id, reason, taken, left));
    }

    /// <summary>Takes up to an amount of a key's stake and gives all of it to whoever was promised it.</summary>
    public static void Forfeit(Step step, NodeId id, NodeId to, Tokens wanted)
    {
        var taken = Take(step, id, wanted);
        if (taken == Tokens.Zero)
            return;
        Compensate(step, id, to, taken, PaymentReason.Compensation);
        step.Emit(new Slashed(id, SlashReason.EarlyEnd, taken, Tokens.Zero));
    }

    /// <summary>Gives tokens that were taken from one key to another.</summary>
    public static Tokens Compensate(Step step, NodeId from, NodeId to, Tokens amount, PaymentReason reason)
    {
        if (amount == Tokens.Zero)
            return amount;
        Purse.Give(step, to, amount);
        step.Emit(new Compensated(from, to, amount, reason));
        return amount;
    }

    /// <summary>Those who stood behind a convicted key lose a part of it.</summary>
    public static void SlashPool(Step step, NodeId id)
    {
        if (step.State.Pools.Find(id) is { } pool)
            Destroy(step, Pools.Take(step, id, (pool.Tokens + pool.Leaving).MulDiv(step.Rules.PoolSlashPpm, Ppm.One)));
    }

    /// <summary>Bars a convicted key, for twice as long each time and in the end for good.</summary>
    public static void Jail(Step step, NodeId id)
    {
        var stake = step.Stake(id);
        var times = stake.Convictions + 1;
        var until = step.Time.After(Doubled(step.Rules.JailMs, times));
        stake = stake with
        {
            Convictions = times,
            AuditedFees = Credits.Zero,
            BarredUntil = until,
            Jailed = true,
            Tombstoned = times >= step.Rules.TombstoneAfter,
        };
        step.State.Stakes.Put(stake);
        step.Emit(new KeyBarred(id, until, stake.Tombstoned));
    }

    /// <summary>Bars a key that did not show up, for twice as long each time in a row.</summary>
    public static void Exclude(Step step, NodeId id)
    {
        var stake = step.Stake(id);
        var until = step.Time.After(Doubled(step.Rules.ExclusionMs, stake.NoShows + 1));
        if (until < stake.BarredUntil)
            until = stake.BarredUntil;
        step.State.Stakes.Put(stake with { NoShows = stake.NoShows + 1, BarredUntil = until });
        step.Emit(new KeyBarred(id, until, stake.Tombstoned));
    }

    private static void Destroy(Step step, Tokens amount)
    {
        var network = step.State.Network;
        step.State.SetNetwork(network with { TokensBurned = network.TokensBurned + amount });
    }

    private static long Doubled(long first, int times) => first << Math.Min(times - 1, 10);
}
