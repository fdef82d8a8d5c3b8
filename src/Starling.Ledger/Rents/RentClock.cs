using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Rents;

/// <summary>
/// Brings a rent account up to a time, through every moment at which something happened: a lease's end, the last
/// millisecond that the money pays for, the mark at which its tenant is told. What a batch finds is therefore the same
/// whenever it looks, and nobody is ever in debt.
/// </summary>
internal static class RentClock
{
    public static RentRecord Settle(Step step, NodeId tenant)
    {
        var rent = step.State.Rents.Get(tenant);
        while (Next(step, rent) is { } at && at <= step.Time)
            rent = Pass(step, Advance(rent, at));
        rent = Advance(rent, step.Time);
        step.State.Rents.Put(rent);
        return rent;
    }

    /// <summary>Stores an account after a change, with the moment that comes next.</summary>
    public static void Store(Step step, RentRecord rent)
    {
        if (rent.Low && Lasts(step, rent) > rent.At)
            rent = rent with { Low = false };
        if (rent is { Balance: 0, Leases.Length: 0 })
            step.State.Rents.Remove(rent.Id);
        else
            step.State.Rents.Put(rent with { Due = Next(step, rent) });
    }

    public static void Due(Step step, NodeId tenant) => Store(step, Settle(step, tenant));

    private static RentRecord Advance(RentRecord rent, Timestamp to)
    {
        var passed = (ulong)(to.Milliseconds - rent.At.Milliseconds);
        return rent.PerSecond == 0
            ? rent with { At = to }
            : rent with { At = to, Balance = checked(rent.Balance - (rent.PerSecond * passed)), PaidMs = rent.PaidMs + passed };
    }

    /// <summary>When the account is low: so long before it is empty as the rules say.</summary>
    private static Timestamp? Lasts(Step step, RentRecord rent) => rent.Exhausted?.After(-step.Rules.LowWaterMs);

    /// <summary>The next moment at which something happens, not before the account's time; null when nothing does.</summary>
    private static Timestamp? Next(Step step, RentRecord rent)
    {
        if (rent.Exhausted is not { } next)
            return null;
        foreach (var id in rent.Leases)
            next = Earlier(next, step.State.MachineLeases.Get(id).Ends);
        if (!rent.Low)
            next = Earlier(next, Lasts(step, rent)!.Value);
        return next < rent.At ? rent.At : next;
    }

    /// <summary>What happens at the account's time.</summary>
    private static RentRecord Pass(Step step, RentRecord rent)
    {
        foreach (var id in rent.Leases)
        {
            var lease = step.State.MachineLeases.Get(id);
            if (lease.Ends <= rent.At)
                rent = MachineLeases.End(step, rent, lease, Reason(lease));
        }

        if (rent.Exhausted is { } empty && empty <= rent.At)
        {
            foreach (var id in rent.Leases)
                rent = MachineLeases.End(step, rent, step.State.MachineLeases.Get(id), RentEnd.Exhausted);
        }

        if (!rent.Low && Lasts(step, rent) is { } low && low <= rent.At)
        {
            step.Emit(new RentLow(rent.Id, rent.Exhausted!.Value));
            rent = rent with { Low = true };
        }

        return rent;
    }

    private static RentEnd Reason(MachineLeaseRecord lease)
    {
        if (lease.Until <= lease.Ends)
            return RentEnd.Agreed;
        return lease.Notice <= lease.Ends ? RentEnd.Notice : RentEnd.Silent;
    }

    private static Timestamp Earlier(Timestamp a, Timestamp b) => a < b ? a : b;
}
