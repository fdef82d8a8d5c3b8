using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Rents;

/// <summary>Leases of whole machines by time, from the first beat to the last.</summary>
internal static class MachineLeases
{
    public static FailureCode Rent(Step step, RentMachine body)
    {
        if (step.State.Offers.Find(body.Offer) is not { } offer)
            return FailureCode.UnknownOffer;
        if (offer.Terms.SecondPrice == 0)
            return FailureCode.NotForRent;
        if (offer.Terms.SecondPrice > body.MostPerSecond)
            return FailureCode.RateAboveLimit;
        return Begin(step, step.Sender, offer, offer.Terms.SecondPrice, body.Until);
    }

    /// <summary>Begins a lease at a rate that both sides agreed to.</summary>
    public static FailureCode Begin(Step step, NodeId tenant, OfferRecord offer, ulong perSecond, Timestamp until)
    {
        if (offer.OffBook)
            return FailureCode.OfferOffBook;
        if (until <= step.Time || until.Milliseconds > BatchRules.LastTime)
            return FailureCode.DeadlinePassed;
        if (offer.Leased > 0 || offer.Newcomer)
            return FailureCode.OfferBusy;
        if (step.Stake(offer.Provider).Barred)
            return FailureCode.Barred;
        if (step.State.Rents.Find(tenant) is null)
            return FailureCode.RentShort;
        var rent = RentClock.Settle(step, tenant);
        if (rent.Leases.Length == RentRecord.MaxLeases)
            return FailureCode.TooManyLeases;
        var rate = checked(rent.PerSecond + perSecond);
        if (rent.Balance < RentAccounts.Needed(step, rate))
            return FailureCode.RentShort;
        var bond = Bond(step, perSecond);
        if (!Bonding.TryLock(step, offer.Provider, bond))
            return FailureCode.ExposureExceeded;
        var lease = new MachineLeaseRecord(
            new MachineLeaseId(step.Transaction.Hash), tenant, offer.Provider, offer.Id, perSecond)
        {
            Began = step.Time,
            Until = until,
            AliveUntil = step.Time.After(step.Rules.HeartbeatMs),
            FromMs = rent.PaidMs,
            Bond = bond,
        };
        step.State.Offers.Put(offer with { Leased = offer.Terms.Slots });
        step.State.MachineLeases.Put(lease);
        RentClock.Store(step, rent with { PerSecond = rate, Leases = [.. rent.Leases, lease.Id] });
        step.Emit(new MachineLeased(lease.Id, tenant, lease.Provider, offer.Id, perSecond));
        return FailureCode.None;
    }

    public static FailureCode Beat(Step step, Heartbeat body)
    {
        if (Find(step, body.Lease, out var rent, out var lease) is var code and not FailureCode.None)
            return code;
        if (step.Sender != lease.Provider)
            return FailureCode.NotAllowed;
        if (body.Number <= lease.Beats)
            return FailureCode.StaleBeat;
        var message = Heartbeat.Message(step.State.Chain, lease.Id, body.Number).ToArray();
        if (!step.Signatures.Verify(lease.Tenant, message, body.Tenant))
            return FailureCode.BadSignature;
        step.State.MachineLeases.Put(lease with
        {
            Beats = body.Number,
            AliveUntil = step.Time.After(step.Rules.HeartbeatMs),
        });
        RentClock.Store(step, rent);
        return FailureCode.None;
    }

    public static FailureCode Claim(Step step, ClaimRent body)
    {
        if (Find(step, body.Lease, out var rent, out var lease) is var code and not FailureCode.None)
            return code;
        if (step.Sender != lease.Provider)
            return FailureCode.NotAllowed;
        step.State.MachineLeases.Put(Pay(step, rent, lease));
        RentClock.Store(step, rent);
        return FailureCode.None;
    }

    public static FailureCode Notice(Step step, GiveNotice body)
    {
        if (Find(step, body.Lease, out var rent, out var lease) is var code and not FailureCode.None)
            return code;
        if (step.Sender != lease.Provider || lease.Notice is not null)
            return FailureCode.NotAllowed;
        step.State.MachineLeases.Put(lease with { Notice = step.Time.After(step.Rules.NoticeMs) });
        RentClock.Store(step, rent);
        return FailureCode.None;
    }

    public static FailureCode EndNow(Step step, EndMachineLease body)
    {
        if (Find(step, body.Lease, out var rent, out var lease) is var code and not FailureCode.None)
            return code;
        if (step.Sender != lease.Provider && step.Sender != lease.Tenant)
            return FailureCode.NotAllowed;
        var reason = step.Sender == lease.Tenant ? RentEnd.ByTenant : RentEnd.ByProvider;
        RentClock.Store(step, End(step, rent, lease, reason));
        return FailureCode.None;
    }

    /// <summary>Ends every machine lease of a convicted provider.</summary>
    public static void EndAll(Step step, NodeId provider)
    {
        foreach (var id in step.State.Index.MachinesOfProvider.Of(provider))
        {
            var tenant = step.State.MachineLeases.Get(id).Tenant;
            RentClock.Due(step, tenant);
            if (step.State.MachineLeases.Find(id) is { } lease)
                RentClock.Store(step, End(step, step.State.Rents.Get(tenant), lease, RentEnd.Convicted));
        }
    }

    /// <summary>Ends a lease at the account's time; the caller stores the account that this returns.</summary>
    public static RentRecord End(Step step, RentRecord rent, MachineLeaseRecord lease, RentEnd reason)
    {
        lease = Pay(step, rent, lease);
        step.State.MachineLeases.Remove(lease.Id);
        Bonding.Unlock(step, lease.Provider, lease.Bond);
        if (reason is RentEnd.ByProvider)
            Slashing.Forfeit(step, lease.Provider, lease.Tenant, lease.Bond);
        Offers.Freed(step, lease.Offer, step.State.Offers.Get(lease.Offer).Leased);
        step.Emit(new MachineLeaseEnded(lease.Id, lease.Tenant, lease.Provider, reason, reason.AtFault(), rent.At));
        return rent with
        {
            PerSecond = rent.PerSecond - lease.PerSecond,
            Balance = rent.Balance + lease.Carry,
            Leases = Array.FindAll(rent.Leases, l => l != lease.Id),
        };
    }

    /// <summary>Pays what was earned, in whole millionths; the rest stays with the lease.</summary>
    private static MachineLeaseRecord Pay(Step step, RentRecord rent, MachineLeaseRecord lease)
    {
        var earned = lease.EarnedAt(rent.PaidMs);
        var whole = new Credits(earned / RentRecord.Milli);
        if (whole > Credits.Zero)
        {
            Purse.Give(step, lease.Provider, whole);
            step.Emit(new RentPaid(lease.Id, lease.Provider, whole));
        }

        return lease with
        {
            FromMs = rent.PaidMs,
            Carry = earned % RentRecord.Milli,
            Claimed = lease.Claimed + whole,
        };
    }

    /// <summary>The account is brought up to now first: the lease may have ended meanwhile.</summary>
    private static FailureCode Find(Step step, MachineLeaseId id, out RentRecord rent, out MachineLeaseRecord lease)
    {
        (rent, lease) = (null!, null!);
        if (step.State.MachineLeases.Find(id) is not { } found)
            return FailureCode.UnknownMachineLease;
        rent = RentClock.Settle(step, found.Tenant);
        lease = step.State.MachineLeases.Find(id)!;
        return lease is null ? FailureCode.UnknownMachineLease : FailureCode.None;
    }

    private static Tokens Bond(Step step, ulong perSecond) => step.Rules.StakeRequired
        ? Deterrence.InTokens(step.Rules, new Credits(
            Ppm.DivideUp((UInt128)perSecond * (ulong)step.Rules.LeaseBondMs, RentRecord.Milli)))
        : Tokens.Zero;
}
