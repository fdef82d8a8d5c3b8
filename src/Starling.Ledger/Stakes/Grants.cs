using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Stakes;

/// <summary>Allowances and vouchers of an operator, in place of money and stake (protocol.md, 24).</summary>
internal static class Grants
{
    private const int MostHalvings = 127;

    public static FailureCode Set(Step step, SetGrant body)
    {
        if (Array.IndexOf(step.State.Genesis.Minters, step.Sender) < 0)
            return FailureCode.NotAllowed;
        if (body.Micro > step.Rules.MaxSupply)
            return FailureCode.SupplyExceeded;
        if (body.Micro > 0 && body.Micro < step.Rules.MinBalance)
            return FailureCode.BelowMinimum;
        if (body.Micro == 0)
        {
            if (step.State.Grants.Find(body.To) is null)
                return FailureCode.ZeroAmount;
            step.State.Grants.Remove(body.To);
            return FailureCode.None;
        }

        var old = step.State.Grants.Find(body.To);
        step.State.Grants.Put(new GrantRecord(body.To, new(body.Micro), body.PeriodMs, body.Share, step.Time)
        {
            Used = old?.Used ?? Credits.Zero,
            UsedAt = old?.UsedAt ?? step.Time,
        });
        Due(step, body.To);
        return FailureCode.None;
    }

    /// <summary>Fills an allowance up: what is left of the last one is not added to it.</summary>
    public static void Due(Step step, NodeId id)
    {
        var grant = step.State.Grants.Get(id);
        step.State.Grants.Put(grant with { Next = step.Time.After(grant.PeriodMs) });
        var held = step.State.Accounts.Find(id)?.Credits ?? Credits.Zero;
        var network = step.State.Network;
        var room = new Credits(step.Rules.MaxSupply) > network.CreditsIssued
            ? new Credits(step.Rules.MaxSupply) - network.CreditsIssued
            : Credits.Zero;
        var added = held < grant.Amount ? Credits.Min(grant.Amount - held, room) : Credits.Zero;
        if (added == Credits.Zero || (held + added).Micro < step.Rules.MinBalance)
            return;
        step.State.SetNetwork(network with { CreditsIssued = network.CreditsIssued + added });
        Purse.Give(step, id, added);
        step.Emit(new GrantPaid(id, added));
    }

    public static FailureCode Vouch(Step step, Vouch body)
    {
        if (Array.IndexOf(step.State.Genesis.Minters, step.Sender) < 0)
            return FailureCode.NotAllowed;
        step.State.Stakes.Put(step.Stake(body.For) with { Vouched = body.Slots });
        step.Emit(new Vouched(body.For, body.Slots));
        step.MarketChanged();
        return FailureCode.None;
    }

    /// <summary>Counts what a job's owner paid towards its share.</summary>
    public static void Spent(Step step, NodeId owner, Credits amount)
    {
        if (step.State.Grants.Find(owner) is not { } grant)
            return;
        grant = Halved(step, grant);
        step.State.Grants.Put(grant with { Used = Credits.Min(grant.Used + amount, new Credits(step.Rules.MaxSupply)) });
    }

    /// <summary>What a grant's owner used lately, as of now.</summary>
    public static GrantRecord Halved(Step step, GrantRecord grant)
    {
        var (life, passed) = (step.Rules.ShareHalfLifeMs, step.Time.Milliseconds - grant.UsedAt.Milliseconds);
        if (life == 0)
            return grant with { Used = Credits.Zero, UsedAt = step.Time };
        var times = passed / life;
        return grant with
        {
            Used = new(grant.Used.Micro >> (int)Math.Min(times, MostHalvings)),
            UsedAt = grant.UsedAt.After(times * life),
        };
    }
}
